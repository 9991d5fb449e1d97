import { SPACE } from '../rule-shape.js';
import type { ScanWindow } from '../scan-window.js';
import type { Found, Passage } from '../secret-rule.js';

/** Characters between `kind: Secret` and `data:` or the other way round; and between `data:` and an entry. */
const APART = { kind: 200, entry: 100 };

const KIND = /\bkind:[ \t]*["']?\bsecret\b["']?/iy;
const DATA = /\bdata:/iy;
const ANY_KIND = new RegExp(KIND.source, 'gi');
const ANY_DATA = new RegExp(DATA.source, 'gi');

/** A name of a hundred thousand letters is none: the bounds are for time. */
const NAME = String.raw`[\w.-]{1,1024}:(?:[ \t]*(?:\||>[-+]?)[${SPACE}]+|[ \t]*)`;
const TEMPLATE = String.raw`\{\{[ \t\w"|$:=,.-]{1,2048}\}\}`;
const ENTRY = new RegExp(`${NAME}(?:["']?[a-z0-9+/]{10,}={0,3}["']?|${TEMPLATE}|""|'')`, 'iy');

/** An entry that is empty, or filled in by a template. */
export const EMPTY_ENTRY = new RegExp(String.raw`(?<![\w.-])${NAME}(?:${TEMPLATE}|""|'')`);

/** A kind and data of two documents in one file. */
export const TWO_DOCUMENTS = /kind:[\s\S]+\n---\n[\s\S]+\bdata:|data:[\s\S]+\n---\n[\s\S]+\bkind:/;

interface Entry {
  end: number;
  value: string;
}

/** An entry in the data of a Kubernetes Secret manifest, whichever of `kind` and `data` comes first. */
export class KubernetesSecretPassage implements Passage {
  private generation = -1;
  /** By the index behind `data:`. Text may have many kinds before the same data. */
  private readonly entries = new Map<number, Entry[]>();

  find({ text, generation }: ScanWindow, anchor: number): Found | null {
    if (this.generation !== generation) this.entries.clear();
    this.generation = generation;
    return startsAt(DATA, text, anchor) ? this.dataFirst(text, anchor) : this.kindFirst(text, anchor);
  }

  private kindFirst(text: string, start: number): Found | null {
    const kind = startsAt(KIND, text, start);
    if (!kind) return null;
    for (const data of within(ANY_DATA, text, start + kind.length, APART.kind)) {
      const [entry] = this.entriesBehind(text, data.index + data[0].length);
      if (entry) return { start, ...entry };
    }
    return null;
  }

  private dataFirst(text: string, start: number): Found | null {
    for (const { end, value } of this.entriesBehind(text, start + 'data:'.length)) {
      const [kind] = within(ANY_KIND, text, end, APART.kind);
      if (kind) return { start, end: kind.index + kind[0].length, value };
    }
    return null;
  }

  private entriesBehind(text: string, from: number): Entry[] {
    const entries = this.entries.get(from) ?? entriesBehind(text, from);
    this.entries.set(from, entries);
    return entries;
  }
}

/** Each follows white space that begins where no other does. */
function entriesBehind(text: string, from: number): Entry[] {
  const entries: Entry[] = [];
  const last = behindCharacters(text, from, APART.entry);
  for (let at = from; at <= last; at += 1) {
    if (!isSpace(text.charCodeAt(at))) continue;
    while (isSpace(text.charCodeAt(at))) at += 1;
    const value = startsAt(ENTRY, text, at);
    if (value !== null) entries.push({ end: at + value.length, value });
  }
  return entries;
}

/** Matches that begin within a number of characters. */
function within(pattern: RegExp, text: string, from: number, characters: number): RegExpExecArray[] {
  const matches: RegExpExecArray[] = [];
  const last = behindCharacters(text, from, characters);
  const part = text.slice(0, last + 2 * characters);
  pattern.lastIndex = from;
  for (let match = pattern.exec(part); match && match.index <= last; match = pattern.exec(part)) matches.push(match);
  return matches;
}

function startsAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** The index behind a number of characters of UTF-8, in text that has a character for each byte. */
function behindCharacters(text: string, from: number, characters: number): number {
  let at = from;
  for (let left = characters; at < text.length; at += 1) {
    if ((text.charCodeAt(at) & 0xc0) === 0x80) continue;
    if (left === 0) break;
    left -= 1;
  }
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d || code === 0x0c;
}
