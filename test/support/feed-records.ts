import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdvisoryFeedPlugin } from '../../src/feed/feed-plugin.js';
import type { RejectedRecord } from '../../src/feed/feed-record.js';
import type { Advisory } from '../../src/model/advisory.js';

export interface ReadRecords {
  advisories: Advisory[];
  rejected: RejectedRecord[];
}

/** All that a feed reads from a file. */
export async function readRecords(feed: AdvisoryFeedPlugin, path: string, part: string): Promise<ReadRecords> {
  const records: ReadRecords = { advisories: [], rejected: [] };
  for await (const record of feed.read(path, part, new AbortController().signal)) {
    if ('advisory' in record) records.advisories.push(record.advisory);
    else records.rejected.push(record.rejected);
  }
  return records;
}

/** The same of a file with that content. */
export async function readContent(
  feed: AdvisoryFeedPlugin,
  content: string | Buffer,
  part: string,
): Promise<ReadRecords> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-feed-'));
  try {
    const path = join(folder, 'fetched');
    writeFileSync(path, content);
    return await readRecords(feed, path, part);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Unpacks a `.tar.gz` into a folder of its own, and returns that. */
export function unpack(tarball: string, ...members: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-unpacked-'));
  execFileSync('tar', ['-xzf', tarball, '-C', folder, ...members]);
  return folder;
}
