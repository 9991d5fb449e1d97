import { isWord } from '../feed-text.js';

/**
 * `[epoch:]version-release` as Plimsoll prints it: without an epoch of 0, which is the same as none.
 *
 * @returns null for what no package can have
 */
export function evrOf(epoch: string | null | undefined, version: string, release: string): string | null {
  if (!isWord(version) || !isWord(release) || version.includes(':')) return null;
  const number = epoch?.trim() ?? '';
  // Anaconda and old updateinfo files write what rpm prints for no epoch.
  if (number === '' || number === '(none)' || /^0+$/.test(number)) return `${version}-${release}`;
  return /^\d{1,10}$/.test(number) ? `${Number(number)}:${version}-${release}` : null;
}

/** The same of one text, `0:4.12.14-150.72.1`. */
export function parseEvr(text: string): string | null {
  const [, epoch, version = '', release = ''] = /^(?:(\d*|\(none\)):)?(.+)-([^-]+)$/s.exec(text.trim()) ?? [];
  return evrOf(epoch, version, release);
}
