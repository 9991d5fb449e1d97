import type { FeedFile } from './feed-plugin.js';

/** What is remembered of a file to notice that it has not changed. */
export interface FileVersion {
  etag: string | null;
  /** Of the server, as it wrote it. */
  lastModified: string | null;
  /** `sha256:…` of the file, or of what a server says of it where it was not read. */
  digest: string;
}

export type OnBytes = (done: number, total: number | null) => void;

export type OpenedFile =
  /** Null: the server says so. Else the same bytes came under another version. */
  | { unchanged: true; version: FileVersion | null }
  | {
      unchanged: false;
      /** A local file. */
      path: string;
      version: FileVersion;
      /** Bytes. */
      size: number;
      /** Removes what was downloaded; must be called once the file was read. */
      release(): Promise<void>;
    };

/** Where the files of a feed are: a web server, or a folder with the same layout. */
export interface FeedSource {
  /** As messages call a file. */
  nameOf(path: string): string;
  /**
   * Gets a file, unless it is the one that `previous` tells of.
   *
   * @param file whose path is written as in a URL, relative to the feed's
   * @param onBytes called with the bytes read so far, and the total where it is known
   * @throws PlimsollError `feed_source_unreachable`, `feed_source_invalid`, `limit_exceeded`
   */
  open(
    file: Omit<FeedFile, 'part'>,
    previous: FileVersion | null,
    onBytes: OnBytes,
    signal: AbortSignal,
  ): Promise<OpenedFile>;
  /**
   * What the source says of a file that is not read; null where it says nothing that tells one version from another.
   *
   * @throws PlimsollError as `open`
   */
  version(path: string, signal: AbortSignal): Promise<FileVersion | null>;
  /**
   * Reads a small file. A path that is empty or ends in a slash is a folder, as for `FeedFiles`.
   *
   * @throws PlimsollError as `open`
   */
  bytes(path: string, maxBytes: number, signal: AbortSignal): Promise<Buffer>;
}

/** Whether two versions of a file are the same one. An ETag says more than a date, and the digest of the bytes the most. */
export function isSameVersion(a: FileVersion, b: FileVersion): boolean {
  if (a.digest === b.digest) return true;
  if (a.etag !== null && b.etag !== null) return a.etag === b.etag;
  return a.lastModified !== null && a.lastModified === b.lastModified && a.etag === b.etag;
}
