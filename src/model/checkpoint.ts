/** The head of a project's event log at one time, signed. */
export interface Checkpoint {
  /** Of which log: `plimsoll/<project's id>`. */
  origin: string;
  /** How many entries the log has had: the position of the last, `0` for none. A decimal string. */
  size: string;
  /** Hex hash of the last entry; 64 zeros for an empty log. */
  head: string;
  time: Date;
  /** Of the key that signed: 8 hexadecimal digits. */
  keyId: string;
  /** The key that signed, in the form that a signed note's verifier takes: `plimsoll+<keyId>+<base64>`. */
  verifierKey: string;
  /** Base64 of the 64 bytes of the Ed25519 signature, over the note's text. */
  signature: string;
  /** The whole as a signed note (C2SP). */
  note: string;
}

/** A key that checkpoints are or were signed with, its public half. */
export interface VerifierKey {
  id: string;
  verifierKey: string;
  createdAt: Date;
  /** Whether checkpoints of today are signed with it. */
  current: boolean;
}
