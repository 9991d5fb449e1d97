import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Page } from '../../model/page.js';
import type { Principal } from '../../model/principal.js';
import { RejudgeService } from '../../service/rejudge.service.js';
import { TargetService } from '../../service/target.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { TargetQuery } from '../dto/list.query.js';
import { mapPage } from '../dto/page.dto.js';
import { RejudgeInput } from '../dto/rejudge.input.js';
import { RejudgedInventoryDto } from '../dto/rejudged-inventory.dto.js';
import { TargetDto, TargetPageDto } from '../dto/target.dto.js';
import { IdPipe } from '../id.pipe.js';
import { pageRequest, targetFilter } from '../requests.js';
import { ApiProblems } from './api-problems.js';

@ApiTags('targets')
@Controller('v1/targets')
export class TargetController {
  constructor(
    private readonly targets: TargetService,
    private readonly rejudging: RejudgeService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listTargets', summary: 'What is audited' })
  @ApiOkResponse({ type: TargetPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor')
  async list(@CurrentPrincipal() p: Principal, @Query() query: TargetQuery): Promise<Page<TargetDto>> {
    return mapPage(await this.targets.list(p, targetFilter(query), pageRequest(query)), TargetDto.of);
  }

  @Get(':id')
  @ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the target.' })
  @ApiOperation({ operationId: 'getTarget', summary: 'One target' })
  @ApiOkResponse({ type: TargetDto })
  @ApiProblems('not_found')
  async get(@CurrentPrincipal() p: Principal, @Param('id', new IdPipe('target')) id: string): Promise<TargetDto> {
    return TargetDto.of(await this.targets.get(p, id));
  }

  @Post(':id/rejudge')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the target.' })
  @ApiOperation({
    operationId: 'rejudgeTarget',
    summary: 'Judge again what a target has, or had',
    description:
      'No image is read. Without `inventoryAt` the packages of its last scan are judged by the advisories of now, and its findings open, change and close: 202, and it is done when the target’s `judgedAt` is later than in the answer. With `inventoryAt` the answer says what would be found in what it had then, and nothing changes.',
  })
  @ApiBody({ type: RejudgeInput, required: false })
  @ApiAcceptedResponse({
    type: TargetDto,
    description: 'The target; it is judged as soon as a worker is free.',
    headers: { Location: { description: 'Of the target.', schema: { type: 'string' } } },
  })
  @ApiOkResponse({ type: RejudgedInventoryDto, description: 'With `inventoryAt`: what would be found.' })
  @ApiProblems(
    'invalid_request',
    'malformed_json',
    'unsupported_media_type',
    'payload_too_large',
    'not_found',
    'inventory_missing',
    'limit_exceeded',
  )
  async rejudge(
    @CurrentPrincipal() p: Principal,
    @Param('id', new IdPipe('target')) id: string,
    @Body() { inventoryAt }: RejudgeInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TargetDto | RejudgedInventoryDto> {
    if (inventoryAt != null) {
      reply.status(HttpStatus.OK);
      return RejudgedInventoryDto.of(await this.rejudging.inventoryAt(p, id, inventoryAt));
    }
    const target = await this.rejudging.request(p, id);
    reply.header('location', `/v1/targets/${id}`);
    return TargetDto.of(target);
  }
}
