import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Page } from '../../model/page.js';
import type { Principal } from '../../model/principal.js';
import { VexService } from '../../service/vex.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { PageQuery } from '../dto/list.query.js';
import { mapPage } from '../dto/page.dto.js';
import {
  VexDocumentDto,
  VexDocumentPageDto,
  VexEffectDto,
  VexImportDto,
  VexStatementDto,
  VexStatementPageDto,
} from '../dto/vex.dto.js';
import { IdPipe } from '../id.pipe.js';
import { pageRequest } from '../requests.js';
import { ApiProblems } from './api-problems.js';
import { VEX_MEDIA_TYPES } from './vex-types.js';

const DOCUMENT_ID = new IdPipe('VEX document');
const ApiDocumentId = () => ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the document.' });
const LOCATION = { Location: { description: 'Of the document.', schema: { type: 'string' } } } as const;

@ApiTags('vex')
@Controller('v1/vex')
export class VexController {
  constructor(private readonly vex: VexService) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    operationId: 'importVex',
    summary: 'Send what a vendor, or you, say of vulnerabilities',
    description:
      'OpenVEX, CycloneDX with vulnerabilities, or CSAF 2.0, as JSON of at most 16 MiB. Findings that it is about are suppressed or annotated at once. A document takes the place of the one with the same id by the same author; what cannot be read of it is named.',
  })
  @ApiConsumes('application/json', ...VEX_MEDIA_TYPES)
  @ApiBody({ required: true, schema: { type: 'object', additionalProperties: true } })
  @ApiCreatedResponse({ type: VexImportDto, description: 'A new document.', headers: LOCATION })
  @ApiOkResponse({
    type: VexImportDto,
    description: 'A new version of a document, or one that was here already.',
    headers: LOCATION,
  })
  @ApiProblems('malformed_json', 'unsupported_media_type', 'payload_too_large', 'vex_invalid', 'conflict')
  async import(
    @CurrentPrincipal() p: Principal,
    // Not as a body of ours: the format's own rules say what is in it.
    @Req() { body }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VexImportDto> {
    const imported = await this.vex.import(p, body);
    reply.header('location', `/v1/vex/${imported.document.id}`);
    if (imported.outcome !== 'created') reply.status(200);
    return VexImportDto.of(imported);
  }

  @Get()
  @ApiOperation({ operationId: 'listVexDocuments', summary: 'VEX documents, newest first' })
  @ApiOkResponse({ type: VexDocumentPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor')
  async list(@CurrentPrincipal() p: Principal, @Query() query: PageQuery): Promise<Page<VexDocumentDto>> {
    return mapPage(await this.vex.list(p, pageRequest(query)), VexDocumentDto.of);
  }

  @Get(':id')
  @ApiDocumentId()
  @ApiOperation({ operationId: 'getVexDocument', summary: 'One VEX document' })
  @ApiOkResponse({ type: VexDocumentDto })
  @ApiProblems('not_found')
  async get(@CurrentPrincipal() p: Principal, @Param('id', DOCUMENT_ID) id: string): Promise<VexDocumentDto> {
    return VexDocumentDto.of(await this.vex.get(p, id));
  }

  @Get(':id/statements')
  @ApiDocumentId()
  @ApiOperation({ operationId: 'listVexStatements', summary: 'What a VEX document says' })
  @ApiOkResponse({ type: VexStatementPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'not_found')
  async statements(
    @CurrentPrincipal() p: Principal,
    @Param('id', DOCUMENT_ID) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<VexStatementDto>> {
    return mapPage(await this.vex.statements(p, id, pageRequest(query)), VexStatementDto.of);
  }

  @Delete(':id')
  @ApiDocumentId()
  @ApiOperation({
    operationId: 'deleteVexDocument',
    summary: 'Forget a VEX document',
    description: 'Findings are again what they are without it.',
  })
  @ApiOkResponse({ type: VexEffectDto })
  @ApiProblems('not_found')
  async delete(@CurrentPrincipal() p: Principal, @Param('id', DOCUMENT_ID) id: string): Promise<VexEffectDto> {
    return VexEffectDto.of(await this.vex.delete(p, id));
  }
}
