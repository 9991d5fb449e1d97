/** Some 10 MB when full. */
const MAX_FILES = 50_000;

/**
 * Remembers which digest the bytes of a local file have, as long as the file system says that the file is the same
 * (device, inode, size, and both times to the nanosecond), so that an unchanged archive is not hashed again.
 */
export class DigestMemory {
  private readonly digests = new Map<string, string>();

  get(identity: string | null): string | null {
    return identity === null ? null : (this.digests.get(identity) ?? null);
  }

  /** Forgets the oldest when it is full. */
  set(identity: string, digest: string): void {
    this.digests.delete(identity);
    this.digests.set(identity, digest);
    if (this.digests.size <= MAX_FILES) return;
    for (const oldest of this.digests.keys()) {
      this.digests.delete(oldest);
      return;
    }
  }
}
