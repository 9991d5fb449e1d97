import type { AdvisoryFeedName, ScoreFeedName } from '../model/feed.js';
import type { FeedRecord, ScoredRecord } from './feed-record.js';

/** A file of a feed. */
export interface FeedFile {
  /** Imported in a transaction of its own: `v3.19/main`, `DSA`, `el9`. */
  part: string;
  /** Relative to the feed's URL or folder; may also be an absolute URL that an index of the feed named on the same host. */
  path: string;
  /** As fetched, bytes. */
  maxBytes: number;
  /** Where the vendor publishes it, when that is not below the feed's `publicUrl`; a mirror has it at `path`. */
  publicUrl?: string;
  /** A mirror may lack it. */
  optional?: boolean;
  /** It says what was known at the beginning of that time; what changed since, `changes` tells. */
  asOf?: Date;
}

/** A source that also tells what changed, and has each record in a document of its own. */
export interface DocumentChanges {
  /** Relative to the source: while these stay as they are, nothing has changed. A source without the first tells nothing. */
  lists: readonly [string, ...string[]];
  /** Of a document, as fetched. */
  maxBytes: number;
  /** @throws PlimsollError */
  since(source: FeedFiles, since: Date): Promise<ChangedDocuments>;
}

export interface ChangedDocuments {
  changed: ChangedDocument[];
  /** Ids of records whose document was taken away. */
  deleted: string[];
  /** Of all changes that are listed, those from before included; null where none is. */
  newest: Date | null;
}

export interface ChangedDocument {
  /** Of its record. */
  id: string;
  /** Relative to the source. `read` takes the document as it takes the whole file. */
  path: string;
  time: Date;
}

/** Reads small files of the source, such as an index or a list. */
export interface FeedFiles {
  /**
   * Decoded as UTF-8. A path that is empty or ends in a slash is a folder: its index page, or of a folder on disk the
   * names in it, one a line, those of folders with a slash at the end.
   *
   * @throws PlimsollError
   */
  text(path: string, maxBytes: number): Promise<string>;
  /** @throws PlimsollError */
  bytes(path: string, maxBytes: number): Promise<Buffer>;
}

/** What feeds of both kinds say of themselves. */
interface FeedSourcePlugin<Name> {
  name: Name;
  /** Where the vendor publishes it; `PLIMSOLL_<NAME>_SOURCE` gives another URL, or a folder with the same layout. */
  publicUrl: string;
  /** The files of the feed now; some sources have to be asked for an index first. @throws PlimsollError */
  files(source: FeedFiles, signal: AbortSignal): Promise<FeedFile[]>;
}

/** A feed of advisories: a folder in `src/feed/`, pure parsing apart from what `files` asks for. */
export interface AdvisoryFeedPlugin extends FeedSourcePlugin<AdvisoryFeedName> {
  /** Where the source tells it; it is about the files that have an `asOf`. */
  changes?: DocumentChanges;
  /**
   * Reads one fetched file, record by record in bounded memory.
   *
   * @param path a local file, as it was fetched: `contentOf` (file-content.ts) uncompresses it, whatever its name
   * @param part of `files`
   * @throws PlimsollError `feed_source_invalid` when it is not the format at all (HTML, truncated): then nothing of it
   *   is imported
   */
  read(path: string, part: string, signal: AbortSignal): AsyncIterable<FeedRecord>;
}

/** A feed of scores, which rate CVEs and name no packages. */
export interface ScoreFeedPlugin extends FeedSourcePlugin<ScoreFeedName> {
  /** As for advisories. */
  read(path: string, part: string, signal: AbortSignal): AsyncIterable<ScoredRecord>;
}
