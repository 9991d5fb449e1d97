/** A file that a client sent, kept on disk until it expires. */
export interface Upload {
  id: string;
  /** Bytes. */
  size: number;
  /** `sha256:…` of the bytes. */
  digest: string;
  filename: string | null;
  createdAt: Date;
  expiresAt: Date;
}
