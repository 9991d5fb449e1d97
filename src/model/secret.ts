/** A secret that an image holds: where it is, and enough to know it again. The value itself is kept nowhere. */
export interface FoundSecret {
  ruleId: string;
  /** Absolute; or a place in the image's configuration, as `config.Env.TOKEN` and `history.3`. */
  path: string;
  /** From 1. */
  line: number;
  /** Diff ID of the lowest layer that has it; null where the target has no layers. */
  layer: string | null;
  /** For people: a few characters of the value at most, and its length. */
  hint: string;
  /** Hex HMAC-SHA-256 of the value, under a key of this service. */
  hash: string;
}
