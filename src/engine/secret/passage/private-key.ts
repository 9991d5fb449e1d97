import { REACH, type ScanWindow } from '../scan-window.js';
import type { Found, Passage } from '../secret-rule.js';

const BEGIN = '-----BEGIN';

/** What may be between `BEGIN` and `PRIVATE KEY`. */
const KIND = /[ A-Z0-9_-]{0,100}/iy;
const HEADER_END = /PRIVATE KEY(?: BLOCK)?-----/iy;
const FOOTER = /KEY(?: BLOCK)?-----/gi;
const SHORTEST_BODY = 64;

/** The end of what is looked at of a key that is longer. */
const LONG_BODY = /[A-Za-z0-9+/=\r\n]{4096}/y;

/**
 * A PEM or OpenPGP private key, from its first line to the next line that ends a key. A key may be longer than what is
 * looked at together: then what is there has to be of base64.
 */
export class PrivateKeyPassage implements Passage {
  private generation = -1;
  /** The first footer at or behind `searched`: text may have many headers and no footer. */
  private footer: RegExpExecArray | null = null;
  private searched = 0;

  find(window: ScanWindow, anchor: number): Found | null {
    const { text } = window;
    for (const body of bodiesBehind(text, anchor + BEGIN.length)) {
      const footer = this.footerFrom(window, body + SHORTEST_BODY);
      const end = footer ? footer.index + footer[0].length : text.length;
      if (footer && end - anchor <= REACH) return { start: anchor, end, value: null };
      LONG_BODY.lastIndex = anchor + REACH - 4096;
      if (end - anchor > REACH && LONG_BODY.test(text)) return { start: anchor, end: anchor + REACH, value: null };
    }
    return null;
  }

  private footerFrom({ text, generation }: ScanWindow, from: number): RegExpExecArray | null {
    const isKnown =
      this.generation === generation && from >= this.searched && (this.footer === null || this.footer.index >= from);
    if (isKnown) return this.footer;
    FOOTER.lastIndex = from;
    this.footer = FOOTER.exec(text);
    this.generation = generation;
    this.searched = from;
    return this.footer;
  }
}

/** Where the header may end. What is between its parts may look like its end, so the longest is the first to be tried. */
function* bodiesBehind(text: string, from: number): Generator<number> {
  KIND.lastIndex = from;
  const kind = KIND.exec(text)?.[0].length ?? 0;
  for (let at = from + kind; at >= from; at -= 1) {
    HEADER_END.lastIndex = at;
    const end = HEADER_END.exec(text)?.[0];
    if (end !== undefined) yield at + end.length;
  }
}
