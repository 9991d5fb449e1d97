import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../model/principal.js';
import { UploadService } from '../../service/upload.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { UploadQuery } from '../dto/list.query.js';
import { UploadDto } from '../dto/upload.dto.js';
import { ApiProblems } from './api-problems.js';
import { withUploadedFile } from './uploaded-file.js';

@ApiTags('uploads')
@Controller('v1/uploads')
export class UploadController {
  constructor(private readonly uploads: UploadService) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    operationId: 'createUpload',
    summary: 'Send a file to scan',
    description: 'The file as the body, whatever its type, or as the one file of a form. It is kept for a while.',
  })
  @ApiConsumes('application/octet-stream', 'multipart/form-data')
  @ApiBody({
    required: true,
    schema: { type: 'string', format: 'binary' },
  })
  @ApiCreatedResponse({ type: UploadDto })
  @ApiProblems('invalid_request', 'payload_too_large')
  create(
    @CurrentPrincipal() p: Principal,
    @Req() request: FastifyRequest,
    @Query() { filename }: UploadQuery,
  ): Promise<UploadDto> {
    return withUploadedFile(request, filename ?? null, async (file) =>
      UploadDto.of(await this.uploads.receive(p, file.stream, file.name, file.size)),
    );
  }
}
