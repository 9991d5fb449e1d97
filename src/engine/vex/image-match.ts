import { formatImageName, type ImageName, parseImageName } from '../../model/image-name.js';
import type { NamedImage, VexProduct } from '../../model/vex.js';
import { type PurlParts, parsePurl } from './purl-match.js';

/** Whether a product is the image: by digest, by repository and tag, or by what its reference or name is. */
export function namesImage({ id, purls, digests }: VexProduct, image: NamedImage): boolean {
  if (digests.some((digest) => image.digests.includes(digest))) return true;
  if (id === image.reference || id === image.name || image.digests.includes(id)) return true;
  const name = imageName(image.reference);
  if (name !== null && !id.startsWith('pkg:') && sameName(id, name)) return true;
  return purls.some((text) => {
    const purl = parsePurl(text);
    return purl !== null && purlNames(purl, image, name);
  });
}

/** Package URL types, `oci` and `docker`: the version is a digest, Docker's may be a tag. */
function purlNames(purl: PurlParts, image: NamedImage, name: ImageName | null): boolean {
  if (purl.type !== 'oci' && purl.type !== 'docker') return false;
  const { version, qualifiers } = purl;
  if (version?.includes(':')) return image.digests.includes(version.toLowerCase());
  if (name === null) return false;
  const tag = qualifiers.get('tag') ?? version;
  if (tag !== null && tag !== name.tag) return false;
  const repository = `${name.host}/${name.repository}`;
  const wanted = repositoryOf(purl);
  // "oci purls must be registry agnostic by default": without a repository it is every image of the name.
  return wanted === null
    ? repository.split('/').at(-1) === purl.name.toLowerCase()
    : wanted === repository || `${wanted}/${purl.name}` === repository;
}

/** In full; null where the purl names none. */
function repositoryOf({ type, namespace, name, qualifiers }: PurlParts): string | null {
  const url =
    qualifiers
      .get('repository_url')
      ?.replace(/^https?:\/\//, '')
      .replace(/\/+$/, '') ?? null;
  if (url === null && type === 'oci') return null;
  const path = type === 'docker' ? [url, namespace, name].filter(Boolean).join('/') : (url ?? '');
  try {
    const { host, repository } = parseImageName(path);
    return `${host}/${repository}`;
  } catch {
    return path;
  }
}

function imageName(reference: string): ImageName | null {
  try {
    return parseImageName(reference.replace(/^docker(?::\/\/|-daemon:)/, ''));
  } catch {
    return null;
  }
}

function sameName(id: string, name: ImageName): boolean {
  const other = imageName(id);
  return other !== null && formatImageName(other) === formatImageName(name);
}
