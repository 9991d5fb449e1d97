/** Where OSV's bulk export is: `ecosystems.txt`, and `{ecosystem}/all.zip` for each. */
export interface OsvSource {
  /** The parts of the export by name, `Debian`, sorted; releases (`Debian:12`) left out where the whole is listed. */
  listParts(signal: AbortSignal): Promise<string[]>;
  /**
   * Gets one part's archive, unless it is the one that `previous` tells of.
   *
   * @param onBytes called with the bytes read so far, and the total where it is known
   * @throws PlimsollError `feed_source_unreachable`, `feed_source_invalid`, `limit_exceeded`
   */
  openPart(name: string, previous: PartState | null, onBytes: OnBytes, signal: AbortSignal): Promise<OpenedPart>;
}

/** What is remembered of a part to notice that it has not changed. */
export interface PartState {
  etag: string | null;
  /** `sha256:…` of the archive. */
  digest: string | null;
}

export type OnBytes = (done: number, total: number | null) => void;

export type OpenedPart =
  | { unchanged: true }
  | {
      unchanged: false;
      /** The archive, a local file. */
      path: string;
      etag: string | null;
      /** `sha256:…` of the archive. */
      digest: string;
      /** Bytes. */
      size: number;
      /** Removes what was downloaded; must be called once the archive was read. */
      release(): Promise<void>;
    };
