/**
 * One kind of facts of a host, or why it is not known. What is not known is never taken for absent: a control that rests
 * on it is `undetermined`.
 */
export type Fact<T> =
  | { known: true; value: T /** What of it could not be read, a sentence each. */; gaps: string[] }
  | { known: false; code: UnknownCode /** Why, and what would be needed to read it: sentences. */; reason: string };

export type UnknownCode =
  /** The collector has not the right to read it. */
  | 'not_permitted'
  /** It was not asked: this way of collecting cannot see it, as an engine's API does not see files. */
  | 'not_collected'
  /** The host has no such thing, as one without a container engine. */
  | 'not_present'
  /** It was read, but has no form that is known. */
  | 'unreadable'
  /** It took too long, or was larger than what is kept. */
  | 'limit_exceeded';
