import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { VERSION } from '../config/version.js';
import type { Event, EventPage, EventType } from '../model/event.js';
import type { Principal } from '../model/principal.js';
import { eventCef } from '../report/cef/cef.js';
import { eventCsv } from '../report/event-csv.js';
import { EventStore } from '../store/event.store.js';

export interface EventRequest {
  after: string;
  limit: number;
  /** Null for all. */
  types: readonly EventType[] | null;
}

/** How often the log is looked at while somebody waits, milliseconds. */
const LOOK_EVERY_MS = 300;

@Injectable()
export class EventService {
  constructor(private readonly events: EventStore) {}

  list(p: Principal, { after, limit, types }: EventRequest): Promise<EventPage> {
    return this.events.list(p.projectId, after, limit, types);
  }

  /**
   * A page as soon as there is an entry for it; an empty one when the time is over or nobody waits any more.
   *
   * @param waitMs 0 answers at once
   */
  async wait(
    p: Principal,
    { after, limit, types }: EventRequest,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<EventPage> {
    const end = performance.now() + waitMs;
    let page = await this.events.list(p.projectId, after, limit, types);
    while (page.items.length === 0 && !page.hasMore) {
      const left = end - performance.now();
      if (left <= 0 || signal.aborted) break;
      await sleep(Math.min(LOOK_EVERY_MS, left), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      page = await this.events.list(p.projectId, page.nextCursor, limit, types);
    }
    return page;
  }

  csv(events: readonly Event[]): string {
    return eventCsv(events);
  }

  cef(events: readonly Event[]): string {
    return eventCef(events, VERSION);
  }
}
