import type { RequestOptions } from 'node:https';
import type { Cluster, KubeConfig, User } from '@kubernetes/client-node';
import { PlimsollError } from '../../../model/error.js';

/** A kubeconfig, and which of its contexts counts: null for its current one. */
export interface KubeconfigAccess {
  /** Absolute and resolved. */
  path: string;
  context: string | null;
  /** Whether programs that it names for credentials may be run. */
  allowsPrograms: boolean;
}

/** How an API server is spoken to. */
export interface ClusterAccess {
  /** Without a slash at its end. */
  server: URL;
  tls: { ca?: string | Buffer; cert?: string | Buffer; key?: string | Buffer; servername?: string };
  /** The headers of a request that say who asks; credentials may change while a cluster is read. */
  headers(): Promise<Record<string, string>>;
}

/**
 * Reads a kubeconfig, or what a pod has of its own account. Nothing of credentials is in messages.
 *
 * @throws PlimsollError `kubeconfig_invalid`
 */
export async function clusterAccess(from: KubeconfigAccess | 'in-cluster'): Promise<ClusterAccess> {
  // It takes 90 MB of memory, which nobody pays who asks no API server.
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config = new Config();
  if (from === 'in-cluster') config.loadFromCluster();
  else loadFile(config, from);
  const { cluster, user } = partsOf(config, from);
  const server = serverOf(cluster, from);
  checkCredentials(user, from);
  if (cluster.skipTLSVerify) {
    throw invalid(
      from,
      'it says insecure-skip-tls-verify, by which anybody could answer for the API server: give certificate-authority instead',
    );
  }
  if (cluster.proxyUrl) throw invalid(from, 'it names a proxy, and none is used');
  if (server.protocol === 'http:') {
    if (isLoopback(server.hostname) && !hasCredentials(user)) return { server, tls: {}, headers: async () => ({}) };
    const message =
      'its API server is reached without TLS: expected https, or http on this machine without credentials';
    throw invalid(from, message);
  }
  const options = await requestOptions(config, from);
  const { ca, cert, key, servername } = options;
  return {
    server,
    tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), ...(servername && { servername }) },
    headers: async () => (await requestOptions(config, from)).headers ?? {},
  };
}

interface Options {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  servername?: string;
  headers?: Record<string, string>;
}

async function requestOptions(config: KubeConfig, from: KubeconfigAccess | 'in-cluster'): Promise<Options> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    // A message of a program may hold what it should keep.
    const { code } = error as NodeJS.ErrnoException;
    throw invalid(from, `its credentials or certificates cannot be had (${code ?? 'the program for them failed'})`);
  }
  const basic = typeof options.auth === 'string' ? `Basic ${Buffer.from(options.auth).toString('base64')}` : null;
  const headers = { ...(options.headers as Record<string, string>), ...(basic !== null && { Authorization: basic }) };
  return { ...(options as Options), headers };
}

function loadFile(config: KubeConfig, from: KubeconfigAccess): void {
  try {
    config.loadFromFile(from.path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw invalid(
      from,
      code === undefined ? 'expected YAML with clusters, users and contexts' : `it cannot be read (${code})`,
    );
  }
}

function partsOf(config: KubeConfig, from: KubeconfigAccess | 'in-cluster'): { cluster: Cluster; user: User | null } {
  if (from !== 'in-cluster') {
    const names = config.getContexts().map(({ name }) => name);
    const name = from.context ?? config.getCurrentContext();
    if (!names.includes(name)) {
      const wanted =
        from.context === null ? 'it has no current context' : `it has no context "${from.context.slice(0, 100)}"`;
      throw invalid(from, `${wanted}: it has ${names.slice(0, 20).join(', ') || 'none'}`);
    }
    config.setCurrentContext(name);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw invalid(from, 'its context names a cluster that is not in it');
  return { cluster, user: config.getCurrentUser() };
}

function serverOf({ server }: Cluster, from: KubeconfigAccess | 'in-cluster'): URL {
  const url = URL.parse(server);
  if (from === 'in-cluster' && (url === null || url.hostname === 'undefined')) {
    throw invalid(from, 'KUBERNETES_SERVICE_HOST is not set, as it is in every pod');
  }
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw invalid(from, 'its server is no https URL');
  return url;
}

/** Programs are run, and other servers asked, only where the operator said so. */
function checkCredentials(user: User | null, from: KubeconfigAccess | 'in-cluster'): void {
  if (from === 'in-cluster' || from.allowsPrograms || user === null) return;
  const provider = user.authProvider;
  if (!user.exec && (!provider || provider.name === 'tokenFile')) return;
  throw invalid(
    from,
    'its credentials come from a program, which is run only where PLIMSOLL_KUBECONFIG_EXEC=true: a token of a service account needs none',
  );
}

function hasCredentials(user: User | null): boolean {
  const { name: _name, ...credentials } = user ?? { name: '' };
  return Object.values(credentials).some((value) => value !== undefined && value !== null && value !== '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}

function invalid(from: KubeconfigAccess | 'in-cluster', why: string): PlimsollError {
  const what = from === 'in-cluster' ? 'The account of this pod' : `The kubeconfig ${from.path}`;
  return new PlimsollError('kubeconfig_invalid', `${what} cannot be used: ${why}.`);
}
