import type { Extractor } from './extractor.js';

/**
 * Finds the first extractor of a list that wants a path. Asked for every path of every layer: two letters tell most that
 * nobody wants, without a question to any extractor.
 */
export class ExtractorIndex {
  /** By the last two letters: a place in `lists`, whose first is empty. */
  private readonly byEnding = new Uint8Array(2 ** 14);
  private readonly lists: Extractor[][] = [[]];
  private readonly folders: readonly string[];
  private readonly firstLetters: ReadonlySet<number>;

  constructor(private readonly extractors: readonly Extractor[]) {
    const byKey = new Map<number, Set<Extractor>>();
    for (const extractor of extractors) {
      for (const ending of extractor.candidates.endings ?? []) {
        const key = keyOf(ending);
        byKey.set(key, (byKey.get(key) ?? new Set()).add(extractor));
      }
    }
    for (const [key, asked] of byKey) this.byEnding[key] = this.lists.push([...asked]) - 1;
    this.folders = extractors.flatMap(({ candidates }) => candidates.folders ?? []);
    this.firstLetters = new Set(this.folders.map((folder) => folder.charCodeAt(0)));
  }

  of(path: string): Extractor | undefined {
    const asked = this.isInFolder(path) ? this.extractors : this.lists[this.byEnding[keyOf(path)] as number];
    if (asked === undefined) return undefined;
    for (const extractor of asked) if (extractor.wants(path)) return extractor;
    return undefined;
  }

  private isInFolder(path: string): boolean {
    if (!this.firstLetters.has(path.charCodeAt(0))) return false;
    for (const folder of this.folders) if (path.startsWith(folder)) return true;
    return false;
  }
}

/** The same for either case of letters; of other characters some share it, which costs a question. */
function keyOf(text: string): number {
  const { length } = text;
  return (((text.charCodeAt(length - 2) | 0x20) & 0x7f) << 7) | ((text.charCodeAt(length - 1) | 0x20) & 0x7f);
}
