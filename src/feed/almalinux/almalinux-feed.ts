import { JSONParser } from '@streamparser/json';
import { PlimsollError } from '../../model/error.js';
import type { AdvisoryFeedPlugin } from '../feed-plugin.js';
import type { FeedRecord } from '../feed-record.js';
import { summaryOf } from '../feed-text.js';
import { textOf } from '../file-content.js';
import { describeFault } from '../record-fault.js';
import { parseErratum } from './errata.js';

const RELEASES = ['8', '9', '10'];
const MAX_BYTES = 2 ** 30;

/** AlmaLinux' errata (ALSA): binaries, with the module of each. */
export const almalinuxFeed: AdvisoryFeedPlugin = {
  name: 'almalinux',
  publicUrl: 'https://errata.almalinux.org/',

  files: async () =>
    RELEASES.map((release) => ({ part: release, path: `${release}/errata.full.json`, maxBytes: MAX_BYTES })),

  read: readErrata,
};

async function* readErrata(path: string, release: string, signal: AbortSignal): AsyncGenerator<FeedRecord> {
  if (!/^\d{1,3}$/.test(release)) {
    throw new PlimsollError('feed_source_invalid', `Expected a release of AlmaLinux, got "${release.slice(0, 80)}".`);
  }
  const name = `The errata of AlmaLinux ${release}`;
  let index = 0;
  for await (const json of readContent(path, name, signal)) {
    index++;
    try {
      const advisory = parseErratum(json, release);
      if (advisory) yield { advisory };
    } catch (error) {
      yield { rejected: { entry: nameOf(json) || `erratum ${index}`, reason: describeFault(error) } };
    }
  }
  if (index === 0) throw new PlimsollError('feed_source_invalid', `${name} hold no record: expected a list of errata.`);
}

/** errata.full.json is `{"data": [...]}`, errata.json the list itself. */
async function* readContent(path: string, name: string, signal: AbortSignal): AsyncGenerator<unknown> {
  const found: unknown[] = [];
  const fail = (why: string): never => {
    throw new PlimsollError('feed_source_invalid', `${name} cannot be read as JSON: ${why.slice(0, 200)}.`);
  };
  let parser: JSONParser | null = null;
  for await (const piece of textOf(path, { name, maxBytes: MAX_BYTES, signal })) {
    const text = parser === null ? piece.trimStart() : piece;
    if (text === '') continue;
    parser ??= parserOf(text.startsWith('[') ? '$.*' : '$.data.*', found);
    try {
      parser.write(text);
    } catch (error) {
      fail(describeFault(error));
    }
    yield* found.splice(0);
  }
  if (!parser?.isEnded) fail('it ends early');
}

function parserOf(path: string, found: unknown[]): JSONParser {
  const parser = new JSONParser({ paths: [path], keepStack: false });
  parser.onValue = ({ value }) => found.push(value);
  return parser;
}

function nameOf(json: unknown): string {
  if (typeof json !== 'object' || json === null) return '';
  const id = 'updateinfo_id' in json ? json.updateinfo_id : 'id' in json ? json.id : '';
  return typeof id === 'string' ? summaryOf(id) : '';
}
