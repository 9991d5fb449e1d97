import { type DaemonAddress, isSameAddress } from '../../model/daemon.js';
import { parseHostReference } from '../../model/host-reference.js';
import { parseImageName } from '../../model/image-name.js';
import { type ImageUse, identityOf } from './images-in-use.js';

/**
 * Whether the engine of a scanned host is the one that this service gets images from. What a file of facts says of its
 * engine's address is no answer: on every host it has the same.
 */
export function isOwnEngine(hostReference: string, own: DaemonAddress): boolean {
  const parsed = parseHostReference(hostReference);
  return parsed.transport === 'docker' && isSameAddress(parsed.address, own);
}

/**
 * By what the very image of a container can be read: from the engine where it is this service's, else from the registry
 * that it came from, by digest. Null: by nothing, as with one that was built on the host.
 */
export function imageReference({ image, imageId, imageDigests }: ImageUse, ownEngine: boolean): string | null {
  if (ownEngine) {
    const byId = `docker-daemon:${imageId}`;
    if (identityOf(byId) !== null) return byId;
  }
  const named = imageDigests.flatMap((digest) => {
    const reference = `docker://${digest}`;
    return identityOf(reference) === null || isLocal(digest) ? [] : [reference];
  });
  const repository = repositoryOf(image);
  return (
    named.find((reference) => repositoryOf(reference.slice('docker://'.length)) === repository) ?? named[0] ?? null
  );
}

/** Podman calls what it built `localhost/…`, which is no registry. */
function isLocal(name: string): boolean {
  return name.startsWith('localhost/');
}

function repositoryOf(name: string): string | null {
  if (identityOf(`docker://${name}`) === null) return null;
  const { host, repository } = parseImageName(name);
  return `${host}/${repository}`;
}
