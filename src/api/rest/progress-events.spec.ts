import type { MessageEvent } from '@nestjs/common';
import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Scan, ScanStatus } from '../../model/scan.js';
import { progressEvents } from './progress-events.js';

describe('progressEvents', () => {
  afterEach(() => vi.useRealTimers());

  it('tells every state, then the end', async () => {
    const events = progressEvents(states('queued', 'running', 'partial'), new AbortController().signal);
    expect(await typesOf(events)).toEqual(['progress queued', 'progress running', 'progress partial', 'end partial']);
  });

  it('tells no end when the stream is cut short', async () => {
    const events = progressEvents(states('queued', 'running'), new AbortController().signal);
    expect(await typesOf(events)).toEqual(['progress queued', 'progress running']);
  });

  it('sends a comment every 15 s, until nobody listens', async () => {
    vi.useFakeTimers();
    const seen: MessageEvent[] = [];
    const subscription = progressEvents(silence(), new AbortController().signal).subscribe((event) => seen.push(event));
    await vi.advanceTimersByTimeAsync(45_000);
    expect(seen).toEqual(Array(3).fill({ comment: 'still here' }));
    subscription.unsubscribe();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(seen).toHaveLength(3);
  });
});

async function typesOf(events: ReturnType<typeof progressEvents>): Promise<string[]> {
  const all = await lastValueFrom(events.pipe(toArray()));
  return all.map(({ type, data }) => `${type} ${(data as { status: string }).status}`);
}

async function* states(...statuses: ScanStatus[]): AsyncGenerator<Scan> {
  for (const status of statuses) yield scan(status);
}

async function* silence(): AsyncGenerator<Scan> {
  await new Promise(() => undefined);
}

function scan(status: ScanStatus): Scan {
  return {
    id: '01900000-0000-7000-8000-000000000002',
    target: { id: '01900000-0000-7000-8000-000000000003', kind: 'image', reference: 'rootfs:/x', name: null },
    status,
    trigger: 'api',
    options: {},
    priority: 5,
    progress: { phase: 'waiting', percent: 0 },
    createdAt: new Date(0),
    startedAt: null,
    finishedAt: null,
    error: null,
    coverage: { complete: true, items: [] },
    counts: { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 },
    inventoryDigest: null,
    imageDigest: null,
  };
}
