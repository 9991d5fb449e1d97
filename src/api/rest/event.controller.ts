import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../model/principal.js';
import { EventService } from '../../service/event.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { EventDto, EventPageDto } from '../dto/event.dto.js';
import { EventQuery } from '../dto/list.query.js';
import { ApiProblems } from './api-problems.js';

@ApiTags('events')
@Controller('v1/events')
export class EventController {
  constructor(private readonly events: EventService) {}

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
}
