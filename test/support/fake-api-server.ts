import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/** Speaks as an API server does: lists in pages, 404 for what it does not have, and whatever a test wants for some paths. */
export class FakeApiServer {
  readonly asked: { path: string; accept: string }[] = [];
  private readonly answers = new Map<string, Answer>();
  private readonly lists = new Map<string, object[]>();
  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeApiServer> {
    const server = createServer();
    const fake = new FakeApiServer(server);
    server.on('request', (request, response) => fake.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    fake.on('/version', (_request, response) =>
      send(response, 200, { gitVersion: 'v1.34.1', platform: 'linux/amd64' }),
    );
    for (const path of LISTS) fake.list(path, []);
    return fake;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Of all namespaces: `/api/v1/pods`. */
  list(path: string, items: object[]): void {
    this.lists.set(path, items);
  }

  on(path: string, answer: Answer): void {
    this.answers.set(path, answer);
  }

  async kubeconfig(path: string, user: object = {}, cluster: object = {}): Promise<string> {
    const server = `http://127.0.0.1:${this.port}`;
    const config = {
      clusters: [{ name: 'c', cluster: { server, ...cluster } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'test', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'test',
    };
    await writeFile(path, JSON.stringify(config));
    return path;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://x');
    const { accept = '' } = request.headers;
    this.asked.push({ path: request.url ?? '', accept });
    const own = this.answers.get(url.pathname);
    if (own !== undefined) {
      own(request, response, url);
      return;
    }
    const items = this.lists.get(url.pathname);
    if (items === undefined) send(response, 404, { kind: 'Status', reason: 'NotFound' });
    else sendPage(response, url, items, accept.includes('PartialObjectMetadataList') ? 'PartialObjectMetadata' : null);
  }
}

export function send(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** A page of a list, and where the next one begins. Items of typed lists do not say their kind. */
export function sendPage(response: ServerResponse, url: URL, items: object[], kind: string | null = null): void {
  const limit = Number(url.searchParams.get('limit') ?? items.length);
  const start = Number(url.searchParams.get('continue') ?? 0);
  const resource = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  const more = start + limit < items.length ? { continue: String(start + limit) } : {};
  const page = items.slice(start, start + limit);
  send(response, 200, { kind: `${kind ?? KINDS[resource]}List`, apiVersion: 'v1', metadata: more, items: page });
}

const KINDS: Record<string, string> = {
  namespaces: 'Namespace',
  nodes: 'Node',
  pods: 'Pod',
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  jobs: 'Job',
  cronjobs: 'CronJob',
  replicationcontrollers: 'ReplicationController',
  serviceaccounts: 'ServiceAccount',
  roles: 'Role',
  clusterroles: 'ClusterRole',
  rolebindings: 'RoleBinding',
  clusterrolebindings: 'ClusterRoleBinding',
  certificatesigningrequests: 'CertificateSigningRequest',
  networkpolicies: 'NetworkPolicy',
  services: 'Service',
  ingresses: 'Ingress',
  secrets: 'Secret',
  configmaps: 'ConfigMap',
  resourcequotas: 'ResourceQuota',
  limitranges: 'LimitRange',
  poddisruptionbudgets: 'PodDisruptionBudget',
  storageclasses: 'StorageClass',
  persistentvolumes: 'PersistentVolume',
  validatingwebhookconfigurations: 'ValidatingWebhookConfiguration',
  mutatingwebhookconfigurations: 'MutatingWebhookConfiguration',
  validatingadmissionpolicies: 'ValidatingAdmissionPolicy',
  validatingadmissionpolicybindings: 'ValidatingAdmissionPolicyBinding',
};

const pathsIn = (group: string, ...resources: string[]) => resources.map((resource) => `/apis/${group}/v1/${resource}`);

const LISTS = [
  ...['namespaces', 'nodes', 'pods', 'replicationcontrollers', 'serviceaccounts', 'services', 'secrets', 'configmaps'],
  ...['resourcequotas', 'limitranges', 'persistentvolumes'],
]
  .map((resource) => `/api/v1/${resource}`)
  .concat(
    pathsIn('apps', 'deployments', 'replicasets', 'statefulsets', 'daemonsets'),
    pathsIn('batch', 'jobs', 'cronjobs'),
    pathsIn('rbac.authorization.k8s.io', 'roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'),
    pathsIn('certificates.k8s.io', 'certificatesigningrequests'),
    pathsIn('networking.k8s.io', 'networkpolicies', 'ingresses'),
    pathsIn('policy', 'poddisruptionbudgets'),
    pathsIn('storage.k8s.io', 'storageclasses'),
    pathsIn('admissionregistration.k8s.io', 'validatingwebhookconfigurations', 'mutatingwebhookconfigurations'),
    pathsIn('admissionregistration.k8s.io', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings'),
  );
