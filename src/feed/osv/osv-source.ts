import type { FileVersion, OnBytes, OpenedFile } from '../feed-source.js';

/** Where OSV's bulk export is: `ecosystems.txt`, and for each of its ecosystems a folder. */
export interface OsvSource {
  /** The parts of the export by name, `Debian`, sorted; releases (`Debian:12`) left out where the whole is listed. */
  listParts(signal: AbortSignal): Promise<string[]>;
  /**
   * Gets a part's archive, `all.zip`, unless it is the one that `previous` tells of.
   *
   * @param onBytes called with the bytes read so far, and the total where it is known
   * @throws PlimsollError `feed_source_unreachable`, `feed_source_invalid`, `limit_exceeded`
   */
  openPart(name: string, previous: FileVersion | null, onBytes: OnBytes, signal: AbortSignal): Promise<OpenedFile>;
  /** Which archive a part has now; null where the source does not say. */
  archiveVersion(name: string, signal: AbortSignal): Promise<FileVersion | null>;
  /** Gets `modified_id.csv`, a line for each record of the part, `2024-01-01T00:00:00Z,ID`; null where there is none. */
  openListing(name: string, previous: FileVersion | null, signal: AbortSignal): Promise<OpenedFile | null>;
  /** One record, JSON; null where there is none. */
  record(name: string, id: string, signal: AbortSignal): Promise<Buffer | null>;
}
