import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../model/principal.js';
import { CheckpointService } from '../../service/checkpoint.service.js';
import { EventService } from '../../service/event.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { CheckpointDto, VerifierKeyDto, VerifierKeyListDto } from '../dto/checkpoint.dto.js';
import { EventDto, EventPageDto } from '../dto/event.dto.js';
import { EventQuery } from '../dto/list.query.js';
import { ApiProblems } from './api-problems.js';

@ApiTags('events')
@Controller('v1/events')
export class EventController {
  constructor(
    private readonly events: EventService,
    private readonly checkpoints: CheckpointService,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listEvents',
    summary: 'The log, oldest first',
    description: 'Ask again with `after` set to `nextCursor`: no entry is missed, repeated or reordered.',
  })
  @ApiOkResponse({ type: EventPageDto })
  @ApiProblems('invalid_request')
  async list(@CurrentPrincipal() p: Principal, @Query() { after, limit }: EventQuery): Promise<EventPageDto> {
    const { items, nextCursor, hasMore } = await this.events.list(p, after, limit);
    return { items: items.map(EventDto.of), nextCursor, hasMore };
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
