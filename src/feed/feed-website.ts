import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PlimsollError } from '../model/error.js';
import type { FeedFile } from './feed-plugin.js';
import type { FeedSource, FileVersion, OnBytes, OpenedFile } from './feed-source.js';
import { refusePage } from './html-page.js';
import { relativePath } from './relative-path.js';
import { type WebAnswer, Website, type WebsiteOptions } from './website.js';

/** A feed on a web server. An ETag or a date tells whether a file has changed, else its digest. */
export class FeedWebsite implements FeedSource {
  private readonly website: Website;
  private readonly isPublic: boolean;

  constructor(
    location: string,
    private readonly options: WebsiteOptions,
    private readonly publicUrl: string,
    private readonly tempDir: string,
  ) {
    this.website = new Website(location, options);
    this.isPublic = location.replace(/\/+$/, '') === publicUrl.replace(/\/+$/, '');
  }

  nameOf(path: string): string {
    return this.website.nameOf(this.relative(path));
  }

  async open(
    file: Omit<FeedFile, 'part'>,
    previous: FileVersion | null,
    onBytes: OnBytes,
    signal: AbortSignal,
  ): Promise<OpenedFile> {
    const folder = await mkdtemp(join(this.tempDir, 'feed-'));
    const release = () => rm(folder, { recursive: true, force: true });
    const { etag = null, lastModified = null } = previous ?? {};
    const to = join(folder, 'file');
    const { website, path } = this.placeOf(file);
    const request = { etag, lastModified, maxBytes: file.maxBytes, signal };
    try {
      const saved = await website.get(path, request, (answer) => save(answer, to, onBytes));
      if (saved === null || saved.version.digest === previous?.digest) {
        await release();
        return { unchanged: true, version: saved?.version ?? null };
      }
      await refusePage(to, website.nameOf(path), this.options.variable);
      return { unchanged: false, path: to, ...saved, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  async bytes(path: string, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
    const bytes = await this.website.get(this.relative(path), { maxBytes, signal }, async ({ body }) => {
      const chunks: Buffer[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return Buffer.concat(chunks);
    });
    return bytes ?? Buffer.alloc(0);
  }

  async version(path: string, signal: AbortSignal): Promise<FileVersion | null> {
    return this.website.get(this.relative(path), { method: 'HEAD', maxBytes: Infinity, signal }, async (answer) => {
      const { etag, lastModified } = answer;
      const said = createHash('sha256')
        .update(JSON.stringify([etag, lastModified]))
        .digest('hex');
      return etag === null && lastModified === null ? null : { etag, lastModified, digest: `sha256:${said}` };
    });
  }

  /** A mirror has everything in one place. */
  private placeOf({ path, publicUrl }: Omit<FeedFile, 'part'>): { website: Website; path: string } {
    if (publicUrl === undefined || !this.isPublic) return { website: this.website, path: this.relative(path) };
    const url = new URL(publicUrl);
    return { website: new Website(new URL('.', url).href, this.options), path: url.href };
  }

  private relative(path: string): string {
    const relative = relativePath(path, this.publicUrl);
    if (relative !== null) return `./${relative}`;
    // A URL of the mirror's own; the website refuses every other.
    if (!path.includes('\0')) return path;
    throw new PlimsollError('feed_source_invalid', 'The feed names a file with a NUL in its path.');
  }
}

async function save({ etag, lastModified, total, body }: WebAnswer, path: string, onBytes: OnBytes) {
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
  return { version: { etag, lastModified, digest: `sha256:${hash.digest('hex')}` }, size: done };
}
