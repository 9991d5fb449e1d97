import { matchesDigest } from './header-digest.js';
import type { Fault } from './header-source.js';

/** Tags of rpm 4.20's include/rpm/rpmtag.h that say what is installed. */
const TAGS = {
  dsaSignature: 267,
  rsaSignature: 268,
  sha1: 269,
  sha256: 273,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  license: 1014,
  architecture: 1022,
  oldFileNames: 1027,
  fileFlags: 1037,
  sourceRpm: 1044,
  folderIndexes: 1116,
  baseNames: 1117,
  folderNames: 1118,
  modularityLabel: 5096,
} as const;
type Tag = keyof typeof TAGS;
const TAG_NAMES = new Map<number, Tag>(Object.entries(TAGS).map(([name, tag]) => [tag, name as Tag]));

/** Below this are the tags of a region, which only says which entries were signed together. */
const FIRST_TAG = 100;
const INT32 = 4;
const STRING = 6;
const BINARY = 7;
const STRING_ARRAY = 8;
const LOCALISED_STRING = 9;
const LAST_TYPE = 9;

const INTRO = 8;
const ENTRY = 16;
const MAX_ENTRIES = 0xffff;

interface Entry {
  type: number;
  /** Of the value, from the start of the header. */
  offset: number;
  count: number;
}

/**
 * The header of a package as rpm stores it: two lengths, an index of entries (tag, type, offset, count), then the
 * values. All numbers are big-endian.
 *
 * https://rpm-software-management.github.io/rpm/manual/format_header.html
 */
export class RpmHeader {
  private constructor(
    private readonly bytes: Buffer,
    private readonly entries: ReadonlyMap<Tag, Entry>,
    private readonly fault: Fault,
  ) {}

  /** Null for bytes that are no header, which is told. An entry that rpm would refuse is told, and left out. */
  static parse(bytes: Buffer, fault: Fault): RpmHeader | null {
    const count = bytes.length < INTRO ? 0 : bytes.readUInt32BE(0);
    const values = INTRO + count * ENTRY;
    if (count === 0 || count > MAX_ENTRIES || values + bytes.readUInt32BE(4) !== bytes.length) {
      fault('a header whose lengths do not add up');
      return null;
    }
    const entries = new Map<Tag, Entry>();
    for (let at = INTRO; at < values; at += ENTRY) {
      const tag = bytes.readUInt32BE(at);
      const type = bytes.readUInt32BE(at + 4);
      const offset = values + bytes.readUInt32BE(at + 8);
      if ((tag < FIRST_TAG && at !== INTRO) || type > LAST_TYPE || offset > bytes.length) {
        fault('a header with an entry that rpm does not know');
        continue;
      }
      const name = TAG_NAMES.get(tag);
      // Entries behind the region were added after the package was built, and take the place of those in it.
      if (name) entries.set(name, { type, offset, count: bytes.readUInt32BE(at + 12) });
    }
    const header = new RpmHeader(bytes, entries, fault);
    // Packages of rpm 3 have neither.
    const digest = header.has('sha256') ? 'sha256' : 'sha1';
    if (header.has(digest) && !matchesDigest(bytes, header.text(digest) ?? '')) {
      fault('a header that is not the one its digest is of');
    }
    return header;
  }

  has(tag: Tag): boolean {
    return this.entries.has(tag);
  }

  /** The first string; null where there is none, or rpm's word for that. */
  text(tag: Tag): string | null {
    const entry = this.entries.get(tag);
    if (!entry) return null;
    const isText = entry.type === STRING || entry.type === LOCALISED_STRING || entry.type === STRING_ARRAY;
    const end = isText && entry.count > 0 ? this.bytes.indexOf(0, entry.offset) : -1;
    if (end < 0) {
      this.fault(`a header whose ${tag} cannot be read`);
      return null;
    }
    const text = this.bytes.toString('utf8', entry.offset, end);
    return text === '' || text === '(none)' ? null : text;
  }

  /** Null where there is none. */
  binary(tag: Tag): Buffer | null {
    const entry = this.entries.get(tag);
    if (!entry) return null;
    const end = entry.offset + entry.count;
    if (entry.type === BINARY && end <= this.bytes.length) return this.bytes.subarray(entry.offset, end);
    this.fault(`a header whose ${tag} cannot be read`);
    return null;
  }

  number(tag: Tag): number | null {
    return this.numbers(tag)?.at(0) ?? null;
  }

  /** Null where there are none. */
  numbers(tag: Tag): Numbers | null {
    const entry = this.entries.get(tag);
    if (!entry) return null;
    const { type, offset, count } = entry;
    if (type === INT32 && count > 0 && offset + 4 * count <= this.bytes.length) {
      return new Numbers(this.bytes.subarray(offset, offset + 4 * count));
    }
    this.fault(`a header whose ${tag} cannot be read`);
    return null;
  }

  /** The strings of a list, one by one, as it may claim any number of them. */
  *texts(tag: Tag): Generator<string> {
    const entry = this.entries.get(tag);
    if (!entry) return;
    let at = entry.offset;
    for (let left = entry.type === STRING_ARRAY ? entry.count : 0; left > 0; left -= 1) {
      const end = this.bytes.indexOf(0, at);
      if (end < 0) {
        this.fault(`a header whose ${tag} cannot be read`);
        return;
      }
      yield this.bytes.toString('utf8', at, end);
      at = end + 1;
    }
  }
}

/** 32-bit numbers, unsigned. */
class Numbers {
  constructor(private readonly bytes: Buffer) {}

  get length(): number {
    return this.bytes.length / 4;
  }

  at(index: number): number | undefined {
    return index >= 0 && index < this.length ? this.bytes.readUInt32BE(4 * index) : undefined;
  }
}
