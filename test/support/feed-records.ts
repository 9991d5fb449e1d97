import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdvisoryFeedPlugin, FeedFiles } from '../../src/feed/feed-plugin.js';
import type { RejectedRecord } from '../../src/feed/feed-record.js';
import type { Advisory, AffectedPackage } from '../../src/model/advisory.js';
import { PlimsollError } from '../../src/model/error.js';

export interface ReadRecords {
  advisories: Advisory[];
  rejected: RejectedRecord[];
}

/** All that a feed reads from a file. */
export async function readRecords(
  feed: Pick<AdvisoryFeedPlugin, 'read'>,
  path: string,
  part: string,
): Promise<ReadRecords> {
  const records: ReadRecords = { advisories: [], rejected: [] };
  for await (const record of feed.read(path, part, new AbortController().signal)) {
    if ('advisory' in record) records.advisories.push(record.advisory);
    else records.rejected.push(record.rejected);
  }
  return records;
}

/** The same of a file with that content. */
export async function readContent(
  feed: Pick<AdvisoryFeedPlugin, 'read'>,
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

/** `Rocky Linux:8 binary npm nodejs:18 [x86_64] >=0 <1:8-1`, a line for each package. */
export function inLines(affected: readonly AffectedPackage[]): string[] {
  return affected.map((entry) => {
    const { ecosystem, named, name, module, architectures, ranges, status, fixState, severity } = entry;
    const events = ranges.flatMap((range) =>
      range.events.map((event) =>
        'introduced' in event ? `>=${event.introduced}` : 'fixed' in event ? `<${event.fixed}` : JSON.stringify(event),
      ),
    );
    const where = architectures && `[${architectures.join(' ')}]`;
    return [ecosystem, named, name, module, where, ...events, status, fixState, severity].filter(Boolean).join(' ');
  });
}

/** A source that has some small files; any other is not there, as in a folder. */
export function sourceOf(files: Readonly<Record<string, string>>): FeedFiles {
  const text = async (path: string) => {
    const content = files[path];
    if (content !== undefined) return content;
    const cause = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    throw new PlimsollError('feed_source_unreachable', `Cannot read ${path}: it does not exist.`, { cause });
  };
  return { text, bytes: async (path) => Buffer.from(await text(path)) };
}
