import { z } from 'zod';
import type { LogHead } from './checkpoint-note.js';
import { entryHash, GENESIS_HASH } from './event-hash.js';

/**
 * `malformed`: no entry. `order`: a position again, or one from before. `gap`: entries are missing. `hash`: not the hash of
 * this entry behind the one before it. `fork`: another entry than a checkpoint was signed for.
 */
export type LogFaultKind = 'malformed' | 'order' | 'gap' | 'hash' | 'fork';

export interface LogFault {
  kind: LogFaultKind;
  /** Of the first bad entry, or of the first that is missing. */
  position: string;
  message: string;
}

const id = z.string().nullable();
/** Strict: what is not hashed could be changed without a trace. */
const wireEntry = z.strictObject({
  position: z.string().regex(/^[1-9]\d{0,17}$/),
  type: z.string(),
  time: z.string(),
  actor: z.string(),
  subject: z.string(),
  scanId: id,
  targetId: id,
  findingId: id,
  data: z.record(z.string(), z.json()),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Checks a log entry by entry, against its own chain and against heads that were signed. Stops at the first fault. */
export class LogVerifier {
  /** Of the last entry; null before the first. */
  private position: bigint | null = null;
  private hash = GENESIS_HASH;
  private agreed = 0n;
  private readonly heads = new Map<bigint, LogHead[]>();
  private compared = 0;

  constructor(private readonly checkpoints: readonly LogHead[]) {
    for (const head of checkpoints) this.heads.set(head.size, [...(this.heads.get(head.size) ?? []), head]);
  }

  /** What was verified until now. */
  get summary(): { size: bigint; head: string; compared: number; agreed: bigint } {
    return { size: this.position ?? 0n, head: this.hash, compared: this.compared, agreed: this.agreed };
  }

  /** @param entry parsed JSON, as the API prints an event */
  add(entry: unknown): LogFault | null {
    const parsed = wireEntry.safeParse(entry);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const where = issue?.path.join('.') || 'the entry';
      return this.fault('malformed', this.next(), `is no event: ${where}: ${issue?.message ?? 'not understood'}`);
    }
    const { hash, ...content } = parsed.data;
    const position = BigInt(content.position);
    return (this.place(position) ?? this.chain(position, content, hash)) || this.compare(position);
  }

  /** To be asked behind the last entry. */
  end(): LogFault | null {
    if (this.position === null) {
      const fault = this.compare(0n);
      if (fault) return fault;
    }
    const last = this.position ?? 0n;
    const longest = this.checkpoints.reduce((most, { size }) => (size > most ? size : most), 0n);
    if (longest <= last) return null;
    return this.fault(
      'gap',
      last + 1n,
      `is missing: the log ends before it, and a checkpoint was signed for ${longest}`,
    );
  }

  private place(position: bigint): LogFault | null {
    if (this.position === null && position > 1n) {
      const start = this.heads.get(position - 1n)?.[0];
      if (!start) {
        return this.fault(
          'gap',
          1n,
          `is missing: the log begins at ${position}, and no checkpoint of size ${position - 1n} says what was before`,
        );
      }
      this.hash = start.head;
      this.position = position - 1n;
      const fault = this.compare(this.position);
      if (fault) return fault;
    }
    const expected = this.next();
    if (position === expected) return null;
    if (position < expected) {
      return this.fault('order', position, `comes behind ${expected - 1n}: it is there twice, or out of its place`);
    }
    return this.fault('gap', expected, `is missing: ${position} follows ${expected - 1n}`);
  }

  private chain(position: bigint, content: Parameters<typeof entryHash>[1], hash: string): LogFault | null {
    const computed = entryHash(this.hash, content);
    if (computed !== hash) {
      const before = position === 1n ? '' : `, or ${position - 1n} was changed together with its hash`;
      return this.fault(
        'hash',
        position,
        `has the hash ${hash}, and its content gives ${computed}: it was changed${before}`,
      );
    }
    this.position = position;
    this.hash = hash;
    return null;
  }

  private compare(position: bigint): LogFault | null {
    for (const { head, time } of this.heads.get(position) ?? []) {
      if (head !== this.hash) {
        const since = this.agreed === 0n ? 'it or one before it' : `it or one behind ${this.agreed}`;
        return this.fault(
          'fork',
          position,
          `has the hash ${this.hash}, and the checkpoint of ${time} was signed for ${head}: ${since} was rewritten`,
        );
      }
      this.compared += 1;
      this.agreed = position;
    }
    return null;
  }

  private next(): bigint {
    return (this.position ?? 0n) + 1n;
  }

  private fault(kind: LogFaultKind, position: bigint, message: string): LogFault {
    return { kind, position: String(position), message: `Entry ${position} ${message}.` };
  }
}
