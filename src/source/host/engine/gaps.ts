/** More are told by their number. */
const MAX_GAPS = 100;
/** Characters of one. */
const MAX_TEXT = 400;

/** What could not be read, a sentence each: in the order of their letters, so that the same gaps are the same facts. */
export class Gaps {
  private readonly sentences: string[] = [];

  /** @param reason the rest of a sentence that begins with the subject */
  add(subject: string, reason: string): void {
    const text = `${subject} ${reason}`.replaceAll(/\p{Cc}+/gu, ' ');
    this.sentences.push(`${text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text}.`);
  }

  list(): string[] {
    const sorted = this.sentences.toSorted();
    const more = sorted.length - MAX_GAPS;
    return more > 0 ? [...sorted.slice(0, MAX_GAPS), `${more} more could not be read.`] : sorted;
  }
}
