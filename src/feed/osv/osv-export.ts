import { PlimsollError } from '../../model/error.js';
import type { FeedSource, FileVersion, OnBytes, OpenedFile } from '../feed-source.js';
import { isMissing } from '../open-feed-source.js';
import { isPartName, isRecordId, MAX_LIST_BYTES, parseEcosystems, requirePartName } from './osv-parts.js';
import { MAX_RECORD_BYTES } from './osv-record.js';
import type { OsvSource } from './osv-source.js';

/** Of `modified_id.csv`, which has some 40 bytes for each record. */
const MAX_LISTING_BYTES = 2 ** 28;

/** The export as OSV publishes it, on a web server or in a folder. */
export class OsvExport implements OsvSource {
  constructor(
    private readonly source: FeedSource,
    private readonly kind: 'folder' | 'website',
    private readonly maxPartBytes: number,
  ) {}

  async listParts(signal: AbortSignal): Promise<string[]> {
    const list = 'ecosystems.txt';
    try {
      const text = await this.source.bytes(list, MAX_LIST_BYTES, signal);
      return parseEcosystems(text.toString('utf8'), this.source.nameOf(list));
    } catch (error) {
      if (this.kind === 'website' || !isMissing(error)) throw error;
      return this.foldersWithArchive(signal);
    }
  }

  async openPart(
    name: string,
    previous: FileVersion | null,
    onBytes: OnBytes,
    signal: AbortSignal,
  ): Promise<OpenedFile> {
    return this.source.open({ path: pathOf(name, 'all.zip'), maxBytes: this.maxPartBytes }, previous, onBytes, signal);
  }

  async archiveVersion(name: string, signal: AbortSignal): Promise<FileVersion | null> {
    try {
      return await this.source.version(pathOf(name, 'all.zip'), signal);
    } catch (error) {
      // Some servers refuse HEAD.
      if (error instanceof PlimsollError) return null;
      throw error;
    }
  }

  async openListing(name: string, previous: FileVersion | null, signal: AbortSignal): Promise<OpenedFile | null> {
    const file = { path: pathOf(name, 'modified_id.csv'), maxBytes: MAX_LISTING_BYTES };
    try {
      return await this.source.open(file, previous, () => {}, signal);
    } catch (error) {
      // It only saves work. Some servers refuse what they do not have, or answer with a page.
      if (error instanceof PlimsollError) return null;
      throw error;
    }
  }

  async record(name: string, id: string, signal: AbortSignal): Promise<Buffer | null> {
    if (!isRecordId(id)) return null;
    try {
      return await this.source.bytes(pathOf(name, `${id}.json`), MAX_RECORD_BYTES, signal);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** A mirror may lack the list: then it holds what its folders hold. */
  private async foldersWithArchive(signal: AbortSignal): Promise<string[]> {
    const names: string[] = [];
    for (const entry of await this.namesIn('', signal)) {
      const name = entry.replace(/\/$/, '');
      if (name === entry || !isPartName(name)) continue;
      const files = await this.namesIn(`${encodeURIComponent(name)}/`, signal);
      if (files.includes('all.zip')) names.push(name);
    }
    if (names.length > 0) return names.sort();
    const message = `Expected ecosystems.txt, or folders that hold an all.zip, in ${this.source.nameOf('')}: found neither. Check PLIMSOLL_OSV_SOURCE.`;
    throw new PlimsollError('feed_source_invalid', message);
  }

  private async namesIn(folder: string, signal: AbortSignal): Promise<string[]> {
    return (await this.source.bytes(folder, MAX_LIST_BYTES, signal)).toString('utf8').split('\n');
  }
}

/** @throws PlimsollError `feed_source_invalid` for a name that could lead out of the export */
function pathOf(part: string, file: string): string {
  requirePartName(part);
  return `${encodeURIComponent(part)}/${encodeURIComponent(file)}`;
}
