import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type WebAnswer, Website } from '../website.js';
import { MAX_LIST_BYTES, parseEcosystems, requirePartName } from './osv-parts.js';
import type { OnBytes, OpenedPart, OsvSource, PartState } from './osv-source.js';

/** The export on a web server, as OSV publishes it. An ETag tells whether an archive has changed, else its digest. */
export class OsvWebsite implements OsvSource {
  private readonly website: Website;

  constructor(
    location: string,
    private readonly tempDir: string,
    private readonly maxPartBytes: number,
    retryDelayMs: number,
  ) {
    this.website = new Website(location, {
      what: "OSV's bulk export",
      variable: 'PLIMSOLL_OSV_SOURCE',
      retryDelayMs,
    });
  }

  async listParts(signal: AbortSignal): Promise<string[]> {
    const name = 'ecosystems.txt';
    const text = await this.website.get(name, { maxBytes: MAX_LIST_BYTES, signal }, async ({ body }) => {
      const chunks: Buffer[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    });
    return parseEcosystems(text ?? '', this.website.nameOf(name));
  }

  async openPart(name: string, previous: PartState | null, onBytes: OnBytes, signal: AbortSignal): Promise<OpenedPart> {
    requirePartName(name);
    const path = `${encodeURIComponent(name)}/all.zip`;
    const folder = await mkdtemp(join(this.tempDir, 'osv-'));
    const release = () => rm(folder, { recursive: true, force: true });
    try {
      const request = { etag: previous?.etag ?? null, maxBytes: this.maxPartBytes, signal };
      const opened = await this.website.get(path, request, (answer) => save(answer, join(folder, 'all.zip'), onBytes));
      if (opened === null || opened.digest === previous?.digest) {
        await release();
        return { unchanged: true };
      }
      return { unchanged: false, ...opened, release };
    } catch (error) {
      await release();
      throw error;
    }
  }
}

async function save({ etag, total, body }: WebAnswer, path: string, onBytes: OnBytes) {
  const hash = createHash('sha256');
  let done = 0;
  const file = await open(path, 'w', 0o600);
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      await file.writeFile(chunk);
      done += chunk.length;
      onBytes(done, total);
    }
  } finally {
    await file.close();
  }
  return { path, etag, digest: `sha256:${hash.digest('hex')}`, size: done };
}
