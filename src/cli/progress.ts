/** How often a line is printed where nobody can redraw one, milliseconds. */
const LINE_INTERVAL_MS = 2_000;

const BAR_WIDTH = 24;

/** Shows on standard error how far something is: a bar on a terminal, elsewhere a line every two seconds. */
export class Progress {
  private lastLineAt = Date.now();
  private drawn = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** @param percent 0 to 100, or null where nobody knows */
  update(what: string, percent: number | null): void {
    if (this.stream.isTTY) this.draw(what, percent);
    else if (Date.now() - this.lastLineAt >= LINE_INTERVAL_MS)
      this.line(percent === null ? what : `${what} ${percent} %`);
  }

  /** A line that stays. */
  line(text: string): void {
    this.clear();
    this.stream.write(`${text}\n`);
    this.lastLineAt = Date.now();
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.drawn) this.stream.write('\r\x1b[K');
    this.drawn = false;
  }

  private draw(what: string, percent: number | null): void {
    const filled = Math.round(((percent ?? 0) / 100) * BAR_WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    const text = percent === null ? what : `${bar} ${String(percent).padStart(3)} %  ${what}`;
    // `\x1b[K` clears the rest of the line (ECMA-48, EL).
    this.stream.write(`\r${text.slice(0, Math.max(20, this.stream.columns - 1))}\x1b[K`);
    this.drawn = true;
  }
}
