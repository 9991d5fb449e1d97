import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import type { UnknownCode } from '../../../model/host/fact.js';

/** Linux' own limits: path_resolution(7), limits.h. */
const MAX_LINKS = 40;
const MAX_PATH = 4096;

const READ_SIZE = 64 * 1024;
const NO_WAITING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const isLinux = process.platform === 'linux';

/** Why something of a root could not be read: a sentence, and what it means for a fact. */
export class ReadFault extends Error {
  override readonly name = 'ReadFault';

  constructor(
    readonly code: UnknownCode | 'absent',
    message: string,
  ) {
    super(message);
  }
}

export interface ReadText {
  text: string;
  /** It goes on after what was read. */
  isCut: boolean;
}

/**
 * The root file system of a host, a folder of this machine or its own root. Paths are those of the host; links on the
 * way are followed inside the root, as the host would, and never by the operating system, which would follow them into
 * this machine. Pipes, sockets and devices are not opened, and what is opened is only read where it is what was asked
 * for. Calls block: it is for a thread of its own.
 */
export class HostRoot {
  /** Before the paths of the host: empty for the machine's own root. */
  private readonly prefix: string;
  private readonly buffer = Buffer.alloc(READ_SIZE);

  /**
   * @param folder absolute and resolved
   * @param barred paths of the host where file systems are mounted that may not answer, as those of a network
   */
  constructor(
    readonly folder: string,
    private readonly barred: ReadonlySet<string> = new Set(),
  ) {
    this.prefix = folder === '/' ? '' : folder;
  }

  get isOwn(): boolean {
    return this.prefix === '';
  }

  /** Where a path of the host is on this machine. */
  absolute(path: string): string {
    return path === '/' ? this.prefix || '/' : `${this.prefix}${path}`;
  }

  /**
   * Follows links; those at the end only where asked to.
   *
   * @returns the path and what is there
   * @throws ReadFault
   */
  find(path: string, followLast = true): { path: string; stats: Stats } {
    const pending = partsOf(path).reverse();
    let resolved = '';
    let stats = this.lstat('/');
    for (let followed = 0; ; ) {
      const part = pending.pop();
      if (part === undefined) return { path: resolved || '/', stats };
      if (part === '..') {
        resolved = resolved.slice(0, Math.max(0, resolved.lastIndexOf('/')));
        stats = this.lstat(resolved || '/');
        continue;
      }
      if (!stats.isDirectory()) throw absent(path);
      const next = `${resolved}/${part}`;
      stats = this.lstat(next);
      if (!stats.isSymbolicLink() || (pending.length === 0 && !followLast)) {
        resolved = next;
        continue;
      }
      followed += 1;
      if (followed > MAX_LINKS)
        throw new ReadFault('unreadable', `${shown(path)} is a link that leads round in a circle.`);
      const target = this.tryOn(next, () => readlinkSync(this.absolute(next)));
      pending.push(...partsOf(target).reverse());
      if (target.startsWith('/')) resolved = '';
      stats = this.lstat(resolved || '/');
    }
  }

  /** Null where there is nothing. @throws ReadFault */
  findIfThere(path: string, followLast = true): { path: string; stats: Stats } | null {
    return orAbsent(() => this.find(path, followLast));
  }

  /** Whether it is there and may be seen. */
  has(path: string): boolean {
    try {
      this.find(path);
      return true;
    } catch (error) {
      if (error instanceof ReadFault) return false;
      throw error;
    }
  }

  /** What a link says, which need not be there. @throws ReadFault */
  linkTarget(path: string): string {
    const { path: real } = this.find(path, false);
    return this.tryOn(path, () => readlinkSync(this.absolute(real)));
  }

  /** @throws ReadFault */
  text(path: string, maxBytes: number): ReadText {
    const { path: real, stats } = this.find(path);
    if (!stats.isFile()) throw new ReadFault('unreadable', `${shown(path)} is no regular file: it was not opened.`);
    return this.tryOn(path, () => this.read(real, maxBytes));
  }

  /** The first line of a small file; null where there is none. @throws ReadFault */
  line(path: string): string | null {
    const read = orAbsent(() => this.text(path, 4096));
    return read === null ? null : (read.text.split('\n', 1)[0] ?? '').trim();
  }

  /** Null where there is none. @throws ReadFault */
  textIfThere(path: string, maxBytes: number): ReadText | null {
    return orAbsent(() => this.text(path, maxBytes));
  }

  /** @throws ReadFault */
  entries(path: string, most: number): { entries: Dirent[]; isCut: boolean } {
    const { path: real, stats } = this.find(path);
    if (!stats.isDirectory()) throw absent(path);
    return this.tryOn(path, () => {
      const entries: Dirent[] = [];
      const isCut = !this.eachEntry(real, (entry) => entries.push(entry) < most);
      return { entries, isCut };
    });
  }

  /**
   * Calls for each entry of a folder, which is at a resolved path, in no order, until one returns false.
   *
   * @returns whether all were seen
   * @throws what the operating system says
   */
  eachEntry(real: string, see: (entry: Dirent, at: string) => boolean): boolean {
    const absolute = this.absolute(real);
    const file = openSync(absolute, NO_WAITING | constants.O_DIRECTORY);
    try {
      this.checkPlace(file, absolute);
      // By its number, so that it is this folder that is read, whatever was put in its place since.
      const at = isLinux ? `/proc/self/fd/${file}` : absolute;
      const folder = opendirSync(at, { bufferSize: 256 });
      try {
        for (let entry = folder.readSync(); entry !== null; entry = folder.readSync())
          if (!see(entry, at)) return folder.readSync() === null;
        return true;
      } finally {
        folder.closeSync();
      }
    } finally {
      closeSync(file);
    }
  }

  private read(real: string, maxBytes: number): ReadText {
    const absolute = this.absolute(real);
    const file = openSync(absolute, NO_WAITING);
    try {
      if (!fstatSync(file).isFile()) throw new Error('it was replaced while it was read');
      this.checkPlace(file, absolute);
      const pieces: Buffer[] = [];
      let size = 0;
      // Files of /proc have a size of 0, and some never end.
      while (size <= maxBytes) {
        const count = readSync(file, this.buffer, 0, Math.min(READ_SIZE, maxBytes + 1 - size), null);
        if (count === 0) break;
        pieces.push(Buffer.from(this.buffer.subarray(0, count)));
        size += count;
      }
      const bytes = Buffer.concat(pieces);
      return { text: bytes.toString('utf8', 0, Math.min(size, maxBytes)), isCut: size > maxBytes };
    } finally {
      closeSync(file);
    }
  }

  private checkPlace(file: number, absolute: string): void {
    if (isLinux && readlinkSync(`/proc/self/fd/${file}`) !== absolute)
      throw new Error('it was replaced while it was read');
  }

  private lstat(path: string): Stats {
    if (path.length > MAX_PATH) throw new ReadFault('unreadable', `${shown(path)} is longer than paths may be.`);
    if (this.barred.has(path))
      throw new ReadFault('not_collected', `${shown(path)} is on a file system that may not answer: it was not read.`);
    return this.tryOn(path, () => lstatSync(this.absolute(path)));
  }

  private tryOn<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw faultOf(error, path);
    }
  }
}

/** What an error of the operating system means. */
export function faultOf(error: unknown, path: string): ReadFault {
  if (error instanceof ReadFault) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    // A process that ended while it was looked at.
    case 'ESRCH':
      return absent(path);
    case 'EACCES':
    case 'EPERM':
      return new ReadFault(
        'not_permitted',
        `${shown(path)} cannot be read (${code}): collect as root, or with the capabilities CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE.`,
      );
    default:
      return new ReadFault('unreadable', `${shown(path)} cannot be read (${code ?? message}).`);
  }
}

/** A path as sentences have it: names of files may hold anything. */
export function shown(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const printable = path.toWellFormed().replace(/[\u0000-\u001f\u007f]/g, '?');
  return printable.slice(0, 200).toWellFormed();
}

function absent(path: string): ReadFault {
  return new ReadFault('absent', `There is no ${shown(path)}.`);
}

function orAbsent<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof ReadFault && error.code === 'absent') return null;
    throw error;
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
