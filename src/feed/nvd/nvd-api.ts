import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { PlimsollError } from '../../model/error.js';
import type { ScoredRecord } from '../feed-record.js';
import { describeFault } from '../record-fault.js';
import { Website } from '../website.js';
import { readNvdRecord } from './nvd-record.js';

/** The most that NVD answers at once. */
const PAGE_SIZE = 2_000;
/** Of one page, bytes; 2,000 records have some 20 MB. */
const MAX_PAGE_BYTES = 2 ** 27;

/** NVD lets a client ask 5 times in 30 seconds, 50 times with a key (https://nvd.nist.gov/developers/start-here). */
const PAUSE_MS = 6_000;
const PAUSE_WITH_KEY_MS = 600;

/** NVD thinks long about a page. */
const STALL_MS = 90_000;

/** The most days that one request may ask about. */
const MAX_WINDOW_MS = 120 * 86_400_000;

export interface NvdApiOptions {
  location: string;
  apiKey: string | null;
  /** Between requests; NVD's own limit unless told. */
  pauseMs?: number;
  /** Before the first repetition of a request, doubled for each further one; milliseconds. */
  retryDelayMs?: number;
}

export interface NvdPage {
  records: ScoredRecord[];
  /** Of the first record, in what was asked for. */
  startIndex: number;
  totalResults: number;
}

/** NVD's API, version 2.0: its pages, in order and never faster than it allows. */
export class NvdApi {
  private readonly website: Website;
  private readonly pauseMs: number;
  private lastRequest = Number.NEGATIVE_INFINITY;

  constructor({ location, apiKey, pauseMs, retryDelayMs = PAUSE_MS }: NvdApiOptions) {
    this.pauseMs = pauseMs ?? (apiKey === null ? PAUSE_MS : PAUSE_WITH_KEY_MS);
    this.website = new Website(location, {
      what: "NVD's API",
      variable: 'PLIMSOLL_NVD_SOURCE',
      retryDelayMs,
      ...(apiKey !== null && { headers: { apiKey } }),
      stallMs: STALL_MS,
      // What NVD answers to who asks too often.
      passing: [403],
    });
  }

  /**
   * Every record, page by page.
   *
   * @param from index of the first record
   * @throws PlimsollError `feed_source_unreachable`, `feed_source_invalid`, `limit_exceeded`
   */
  all(from: number, signal: AbortSignal): AsyncGenerator<NvdPage> {
    return this.pages({}, from, signal);
  }

  /** The records that were changed within a time. @throws PlimsollError as `all` */
  async *changed(since: Date, until: Date, signal: AbortSignal): AsyncGenerator<NvdPage> {
    for (let start = since.getTime(); start < until.getTime(); start += MAX_WINDOW_MS) {
      const end = Math.min(start + MAX_WINDOW_MS, until.getTime());
      const window = { lastModStartDate: timeText(start), lastModEndDate: timeText(end) };
      yield* this.pages(window, 0, signal);
    }
  }

  private async *pages(query: Record<string, string>, from: number, signal: AbortSignal): AsyncGenerator<NvdPage> {
    for (let startIndex = from; ; ) {
      const page = await this.page({ ...query, startIndex: String(startIndex) }, signal);
      yield page;
      startIndex += page.records.length;
      if (startIndex >= page.totalResults) return;
      if (page.records.length === 0) {
        const message = `NVD's API has ${page.totalResults} records and gives none from the ${startIndex + 1}th on. Sync again later.`;
        throw new PlimsollError('feed_source_invalid', message);
      }
    }
  }

  private async page(query: Record<string, string>, signal: AbortSignal): Promise<NvdPage> {
    const wait = this.lastRequest + this.pauseMs - performance.now();
    if (wait > 0) await delay(wait, undefined, { signal });
    const path = `?${new URLSearchParams({ ...query, resultsPerPage: String(PAGE_SIZE) })}`;
    try {
      const page = await this.website.get(path, { maxBytes: MAX_PAGE_BYTES, signal }, async ({ body }) => {
        const chunks: Buffer[] = [];
        for await (const chunk of body) chunks.push(chunk);
        return parsePage(Buffer.concat(chunks).toString('utf8'), this.website.nameOf(path));
      });
      return page ?? { records: [], startIndex: 0, totalResults: 0 };
    } finally {
      this.lastRequest = performance.now();
    }
  }
}

const PAGE = z.object({
  startIndex: z.number().int().min(0),
  totalResults: z.number().int().min(0),
  vulnerabilities: z.array(z.unknown()),
});

function parsePage(text: string, where: string): NvdPage {
  try {
    const { vulnerabilities, startIndex, totalResults } = PAGE.parse(JSON.parse(text));
    return { records: vulnerabilities.map(readNvdRecord), startIndex, totalResults };
  } catch (cause) {
    const message = `Expected a page of NVD's API at ${where}: ${describeFault(cause)}. Check PLIMSOLL_NVD_SOURCE.`;
    throw new PlimsollError('feed_source_invalid', message, { cause });
  }
}

/** ISO 8601 with milliseconds; NVD takes a time without a zone as UTC. */
function timeText(time: number): string {
  return new Date(time).toISOString().replace('Z', '');
}
