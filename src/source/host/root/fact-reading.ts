import type { Fact, UnknownCode } from '../../../model/host/fact.js';
import { faultOf, ReadFault } from './host-root.js';

/** Sentences over this are counted: the first tell enough. */
const MAX_GAPS = 20;
const MAX_SENTENCE = 500;
const MAX_REASON = 2_000;

/** What of a fact could not be read. */
export class Gaps {
  private readonly sentences = new Set<string>();
  private omitted = 0;

  add(sentence: string): void {
    const cut = sentence.slice(0, MAX_SENTENCE).toWellFormed();
    if (this.sentences.has(cut)) return;
    if (this.sentences.size < MAX_GAPS) this.sentences.add(cut);
    else this.omitted += 1;
  }

  /** Null where it could not be read, which is noted; so is what is not there, by a sentence of its own if there is one. */
  tolerate<T>(path: string, work: () => T, ifAbsent: string | null = null): T | null {
    try {
      return work();
    } catch (error) {
      if (!isReadError(error)) throw error;
      const fault = faultOf(error, path);
      if (fault.code !== 'absent') this.add(fault.message);
      else if (ifAbsent !== null) this.add(ifAbsent);
      return null;
    }
  }

  list(): string[] {
    const all = [...this.sentences];
    return this.omitted === 0 ? all : [...all, `${this.omitted} more things could not be read.`];
  }
}

/**
 * A fact that is read by a function; what it throws says why it is not known.
 *
 * @param whereAbsent what it means that the file which the fact rests on is not there
 */
export function readFact<T>(whereAbsent: { code: UnknownCode; reason: string }, read: (gaps: Gaps) => T): Fact<T> {
  const gaps = new Gaps();
  try {
    const value = read(gaps);
    return { known: true, value, gaps: gaps.list() };
  } catch (error) {
    if (!isReadError(error)) throw error;
    const { code, message } = faultOf(error, 'a file');
    return code === 'absent' ? { known: false, ...whereAbsent } : unknownFact(code, message);
  }
}

export function unknownFact(code: UnknownCode, reason: string): Fact<never> {
  return { known: false, code, reason: reason.slice(0, MAX_REASON).toWellFormed() };
}

/** Anything else is a fault of the code. */
function isReadError(error: unknown): boolean {
  return error instanceof ReadFault || (error instanceof Error && 'syscall' in error);
}
