import { formatImageName, type ImageName, parseImageName } from '../../model/image-name.js';
import type { NamedImage, VexProduct } from '../../model/vex.js';
import { type PurlParts, purlsIn } from './purl-match.js';

/** Whether a product is the image: by digest, by repository and tag, or by what its reference or name is. */
export function namesImage(product: VexProduct, image: NamedImage): boolean {
  const { id, purls, digests } = product;
  if (digests.some((digest) => image.digests.includes(digest))) return true;
  if (id === image.reference || id === image.name || image.digests.includes(id)) return true;
  if (!id.startsWith('pkg:') && sameName(nameOf(product, id), nameOf(image, image.reference))) return true;
  return purlsIn(purls).some((purl) => purlNames(purl, image));
}

/** What of an image a product that names it has too: one of these. */
export function imageKeys(image: NamedImage): string[] {
  const { reference, name: given, digests } = image;
  const name = nameOf(image, reference);
  const named = name === null ? [] : [`name ${formatImageName(name)}`, `image ${tailOf(name.repository)}`];
  return [...new Set([reference, ...(given === null ? [] : [given]), ...digests, ...named])];
}

/** The other side of `imageKeys`. */
export function productKeys(product: VexProduct): string[] {
  const { id, purls, digests } = product;
  const name = id.startsWith('pkg:') ? null : nameOf(product, id);
  const keys = [id, ...digests, ...(name === null ? [] : [`name ${formatImageName(name)}`])];
  for (const purl of purlsIn(purls)) {
    if (purl.type !== 'oci' && purl.type !== 'docker') continue;
    if (purl.version?.includes(':')) keys.push(purl.version.toLowerCase());
    else
      keys.push(`image ${purl.name.toLowerCase()}`, `image ${purl.name}`, `image ${tailOf(repositoryOf(purl) ?? '')}`);
  }
  return keys;
}

function tailOf(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1);
}

/** Package URL types, `oci` and `docker`: the version is a digest, Docker's may be a tag. */
function purlNames(purl: PurlParts, image: NamedImage): boolean {
  if (purl.type !== 'oci' && purl.type !== 'docker') return false;
  const { version, qualifiers } = purl;
  if (version?.includes(':')) return image.digests.includes(version.toLowerCase());
  const name = nameOf(image, image.reference);
  if (name === null) return false;
  const tag = qualifiers.get('tag') ?? version;
  if (tag !== null && tag !== name.tag) return false;
  const repository = `${name.host}/${name.repository}`;
  const wanted = repositoryOf(purl);
  // "oci purls must be registry agnostic by default": without a repository it is every image of the name.
  return wanted === null
    ? tailOf(repository) === purl.name.toLowerCase()
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

/** Read once for as long as its owner is kept. */
const readNames = new WeakMap<VexProduct | NamedImage, ImageName | null>();

function nameOf(owner: VexProduct | NamedImage, text: string): ImageName | null {
  let name = readNames.get(owner);
  if (name === undefined) {
    name = imageName(text);
    readNames.set(owner, name);
  }
  return name;
}

function imageName(reference: string): ImageName | null {
  try {
    return parseImageName(reference.replace(/^docker(?::\/\/|-daemon:)/, ''));
  } catch {
    return null;
  }
}

function sameName(a: ImageName | null, b: ImageName | null): boolean {
  return a !== null && b !== null && formatImageName(a) === formatImageName(b);
}
