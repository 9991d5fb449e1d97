import type { ImageName } from '../../model/image-name.js';

/** Whether an image is of a registry, `ghcr.io` or `*.example.com`, or of a folder of one, `ghcr.io/team`. */
export function isOfRegistry({ host, repository }: ImageName, entry: string): boolean {
  const [wanted = '', ...folders] = entry.toLowerCase().split('/');
  const isHost = wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted;
  const folder = folders.filter((part) => part !== '').join('/');
  return isHost && (folder === '' || repository === folder || repository.startsWith(`${folder}/`));
}
