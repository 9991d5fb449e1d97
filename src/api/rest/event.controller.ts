import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventFormat, EventPage } from '../../model/event.js';
import type { Principal } from '../../model/principal.js';
import { CheckpointService } from '../../service/checkpoint.service.js';
import { EventService } from '../../service/event.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { CheckpointDto, VerifierKeyDto, VerifierKeyListDto } from '../dto/checkpoint.dto.js';
import { EventDto, EventPageDto } from '../dto/event.dto.js';
import { EventQuery } from '../dto/event.query.js';
import { Shutdown } from '../shutdown.js';
import { ApiProblems } from './api-problems.js';
import { encoded } from './content-coding.js';

const MEDIA_TYPES: Record<EventFormat, string> = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  cef: 'text/plain; charset=utf-8',
};

@ApiTags('events')
@Controller('v1/events')
export class EventController {
  constructor(
    private readonly events: EventService,
    private readonly checkpoints: CheckpointService,
    private readonly shutdown: Shutdown,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listEvents',
    summary: 'The log, oldest first',
    description:
      'Ask again with `after` set to `nextCursor`: no entry is missed, repeated or reordered. A cursor does not expire. A page may end before `limit` where entries are long.',
  })
  @ApiOkResponse({
    description: 'The page.',
    headers: {
      'X-Next-Cursor': { description: 'As `nextCursor`.', schema: { type: 'string' } },
      'X-Has-More': { description: 'As `hasMore`.', schema: { type: 'string', enum: ['true', 'false'] } },
    },
    content: {
      'application/json': { schema: { $ref: getSchemaPath(EventPageDto) } },
      [MEDIA_TYPES.ndjson]: { schema: { type: 'string' } },
      [MEDIA_TYPES.csv]: { schema: { type: 'string' } },
      [MEDIA_TYPES.cef]: { schema: { type: 'string' } },
    },
  })
  @ApiExtraModels(EventPageDto)
  @ApiProblems('invalid_request')
  async list(
    @CurrentPrincipal() p: Principal,
    @Query() { after, limit, types, format, wait }: EventQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, this.shutdown.signal]);
    const page = await this.events.wait(p, { after, limit, types: types ?? null }, wait * 1_000, signal);
    reply.header('content-type', MEDIA_TYPES[format]);
    reply.header('x-next-cursor', page.nextCursor);
    reply.header('x-has-more', String(page.hasMore));
    return encoded(Buffer.from(this.text(page, format)), request, reply);
  }

  private text({ items, nextCursor, hasMore }: EventPage, format: EventFormat): string {
    switch (format) {
      case 'json':
        return JSON.stringify({ items: items.map(EventDto.of), nextCursor, hasMore });
      case 'ndjson':
        return items.map((event) => `${JSON.stringify(EventDto.of(event))}\n`).join('');
      case 'csv':
        return this.events.csv(items);
      case 'cef':
        return this.events.cef(items);
    }
  }

  @Get('checkpoint')
  @ApiOperation({
    operationId: 'getEventCheckpoint',
    summary: 'The head of the log, signed',
    description: 'What to keep elsewhere: against it, a log that was cut or rewritten as a whole shows.',
  })
  @ApiOkResponse({ type: CheckpointDto })
  @ApiProblems('signing_key_unreadable')
  async checkpoint(@CurrentPrincipal() p: Principal): Promise<CheckpointDto> {
    return CheckpointDto.of(await this.checkpoints.get(p));
  }

  @Get('keys')
  @ApiOperation({ operationId: 'listEventKeys', summary: 'The public keys of checkpoints' })
  @ApiOkResponse({ type: VerifierKeyListDto })
  @ApiProblems()
  async keys(): Promise<VerifierKeyListDto> {
    return { items: (await this.checkpoints.listKeys()).map(VerifierKeyDto.of) };
  }
}
