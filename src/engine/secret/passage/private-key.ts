import { REACH, type ScanWindow } from '../scan-window.js';
import type { Found, Passage } from '../secret-rule.js';

const HEADER = /-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----/iy;
const FOOTER = /KEY(?: BLOCK)?-----/gi;
const SHORTEST_BODY = 64;

/** A PEM or OpenPGP private key, from its first line to the next line that ends a key. */
export class PrivateKeyPassage implements Passage {
  private generation = -1;
  /** The first footer at or behind `searched`, which text with many headers and no footer asks for again and again. */
  private footer: RegExpExecArray | null = null;
  private searched = 0;

  find(window: ScanWindow, anchor: number): Found | null {
    const { text } = window;
    HEADER.lastIndex = anchor;
    const header = HEADER.exec(text);
    if (!header) return null;
    const footer = this.footerFrom(window, anchor + header[0].length + SHORTEST_BODY);
    if (!footer) return null;
    const end = footer.index + footer[0].length;
    return end - anchor > REACH ? null : { start: anchor, end, value: text.slice(anchor, end) };
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
