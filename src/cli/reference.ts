import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseClusterReference } from '../model/cluster-reference.js';
import { PlimsollError } from '../model/error.js';
import { parseHostReference } from '../model/host-reference.js';
import { parseImageReference } from '../model/reference.js';
import { CommandError, EXIT_CODES } from './exit-code.js';

/** What the user named, as the service would read it. */
export interface ScanReference {
  /** With an absolute path; null for a plain file, whose form only its content tells. */
  reference: string | null;
  /** What the target is called when the file has to be sent. */
  label: string;
  /** The local file or folder that it means; null for what is not here: an image of a registry or engine, an upload. */
  path: string | null;
  isFolder: boolean;
  /** What the reference says that the target is; null where it does not. */
  kind: 'host' | 'cluster' | null;
}

/** A host by its container engine: what follows is an address, where an image has two slashes. */
const ENGINE = /^docker:(?:unix|tcp):/;

const OF_HOST = /^(root|facts):(.*)$/s;

const OF_CLUSTER = /^(kubeconfig|snapshot|manifests):(.*)$/s;

const REMOTE = /^docker(?:-daemon)?:/;

/** What may be an image's name, to be repeated in a message. */
const IMAGE = /^[\w./:@-]+$/;

const TRANSPORTS = /^(docker-archive|oci-archive|oci|rootfs|sbom):(.*)$/s;

/**
 * Makes paths absolute, and finds the form of a path without one: a folder is an OCI layout or a root file system, a file
 * is sent and looked at.
 *
 * @throws CommandError `usage`
 */
export function readReference(text: string, cwd: string): ScanReference {
  const [, transport, rest] = TRANSPORTS.exec(text) ?? [];
  if (transport !== undefined && rest !== undefined) return withTransport(transport, rest, cwd);
  if (ENGINE.test(text)) {
    checked(() => parseHostReference(text));
    return { reference: text, label: text, path: null, isFolder: false, kind: 'host' };
  }
  const [, hostTransport, hostPath] = OF_HOST.exec(text) ?? [];
  if (hostTransport !== undefined && hostPath !== undefined) return ofHost(hostTransport, hostPath, cwd);
  const [, clusterTransport, clusterPath] = OF_CLUSTER.exec(text) ?? [];
  if (clusterTransport !== undefined && clusterPath !== undefined) return ofCluster(clusterTransport, clusterPath, cwd);
  if (text === 'in-cluster:') return { reference: text, label: text, path: null, isFolder: false, kind: 'cluster' };
  if (REMOTE.test(text)) return elsewhere(text);
  if (text.startsWith('upload:')) return { reference: text, label: text, path: null, isFolder: false, kind: null };
  const path = resolve(cwd, text);
  if (text !== '' && existsSync(path)) {
    if (!statSync(path).isDirectory()) return { reference: null, label: path, path, isFolder: false, kind: null };
    const form = existsSync(join(path, 'oci-layout')) ? 'oci' : 'rootfs';
    return { reference: `${form}:${path}`, label: `${form}:${path}`, path, isFolder: true, kind: null };
  }
  throw new CommandError(
    EXIT_CODES.usage,
    `"${text}" is neither a file or folder here nor a reference: expected docker://NAME, docker-daemon:NAME, docker-archive:PATH, oci-archive:PATH, oci:DIR, rootfs:PATH, sbom:PATH, upload:ID or a path; of a host docker:unix:///PATH, docker:tcp://HOST:PORT, root:DIR or facts:PATH; of a cluster kubeconfig:PATH, in-cluster:, snapshot:PATH or manifests:PATH.
An image of a registry is scanned as docker://${IMAGE.test(text) ? text : 'NAME'}, one of a local engine as docker-daemon:${IMAGE.test(text) ? text : 'NAME'}`,
  );
}

/** What only the service looks up. */
function elsewhere(text: string): ScanReference {
  checked(() => parseImageReference(text));
  return { reference: text, label: text, path: null, isFolder: false, kind: null };
}

function withTransport(transport: string, rest: string, cwd: string): ScanReference {
  if (rest === '') throw new CommandError(EXIT_CODES.usage, `Expected a path after "${transport}:".`);
  const reference = `${transport}:${rest.startsWith('/') ? rest : resolve(cwd, rest)}`;
  const parsed = checked(() => parseImageReference(reference));
  if (!('path' in parsed)) throw new Error(`${parsed.transport} has no path`);
  const isFolder = existsSync(parsed.path) && statSync(parsed.path).isDirectory();
  return { reference, label: reference, path: parsed.path, isFolder, kind: null };
}

function ofHost(transport: string, rest: string, cwd: string): ScanReference {
  if (rest === '') throw new CommandError(EXIT_CODES.usage, `Expected a path after "${transport}:".`);
  const path = resolve(cwd, rest);
  const reference = `${transport}:${path}`;
  checked(() => parseHostReference(reference));
  return { reference, label: reference, path, isFolder: transport === 'root', kind: 'host' };
}

function ofCluster(transport: string, rest: string, cwd: string): ScanReference {
  if (rest === '') throw new CommandError(EXIT_CODES.usage, `Expected a path after "${transport}:".`);
  const parsed = checked(() => parseClusterReference(`${transport}:${resolve(cwd, rest)}`));
  const reference = `${transport}:${resolve(cwd, rest)}`;
  // Who sends a kubeconfig gives away its credentials.
  const path = 'path' in parsed && parsed.transport !== 'kubeconfig' ? parsed.path : null;
  const isFolder = path !== null && existsSync(path) && statSync(path).isDirectory();
  return { reference, label: reference, path, isFolder, kind: 'cluster' };
}

function checked<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof PlimsollError) throw new CommandError(EXIT_CODES.usage, error.message);
    throw error;
  }
}
