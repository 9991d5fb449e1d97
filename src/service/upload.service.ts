import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { UploadFiles } from '../files/upload-files.js';
import type { Principal } from '../model/principal.js';
import type { Upload } from '../model/upload.js';
import { UploadStore } from '../store/upload.store.js';
import { uuidv7 } from '../store/uuid.js';

@Injectable()
export class UploadService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly files: UploadFiles,
    private readonly uploads: UploadStore,
  ) {}

  /** Keeps what the stream brings. The file is whole on disk before the upload exists. */
  async receive(p: Principal, stream: Readable, filename: string | null, declaredSize: number | null): Promise<Upload> {
    const id = uuidv7();
    const { size, digest } = await this.files.write(id, stream, declaredSize);
    const createdAt = new Date();
    const expiresAt = new Date(createdAt.getTime() + this.config.uploadTtlHours * 3_600_000);
    const upload: Upload = { id, size, digest, filename, createdAt, expiresAt };
    try {
      await this.uploads.insert(p, upload);
    } catch (error) {
      await this.files.remove(id);
      throw error;
    }
    return upload;
  }
}
