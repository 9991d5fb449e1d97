import { Injectable } from '@nestjs/common';
import type { Event } from '../model/event.js';
import type { Principal } from '../model/principal.js';
import { EventStore } from '../store/event.store.js';

export interface EventPage {
  items: Event[];
  /** The position to ask after next: the last one here, or the one that was asked. */
  nextCursor: string;
  hasMore: boolean;
}

@Injectable()
export class EventService {
  constructor(private readonly events: EventStore) {}

  async list(p: Principal, after: string, limit: number): Promise<EventPage> {
    const { items, hasMore } = await this.events.list(p.projectId, after, limit);
    return { items, hasMore, nextCursor: items.at(-1)?.position ?? after };
  }
}
