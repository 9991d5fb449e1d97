import { randomBytes } from 'node:crypto';
import { SecretScanner } from '../../../engine/secret/secret-scanner.js';
import type { ClusterFacts, ServerVersion } from '../../../model/cluster/cluster-facts.js';
import { PlimsollError } from '../../../model/error.js';
import type { Fact } from '../../../model/host/fact.js';
import { FactsBuilder } from '../facts-builder.js';
import { ClusterRedaction } from '../object/cluster-redaction.js';
import { kindsOf, type ObjectList, READ_KINDS, type ReadKind } from '../object/read-kinds.js';
import { ApiClient, type ApiClientOptions, ApiFailure } from './api-client.js';
import { clusterAccess, type KubeconfigAccess } from './cluster-access.js';
import { eachAtOnce } from './each-at-once.js';
import { listKind } from './list-kind.js';
import { listSecrets } from './list-secrets.js';
import { readKubelets } from './read-kubelets.js';

/** Lists that are asked for at once. */
const CONCURRENCY = 4;

/** How far the collecting is when all lists are read; kubelets come last. */
const LISTED = 0.9;

export interface CollectClusterOptions extends Omit<ApiClientOptions, 'access'> {
  access: KubeconfigAccess | 'in-cluster';
  /** Whether the metadata of Secrets is asked for: whoever may have that may have their values. */
  secretMetadata: boolean;
  now: Date;
  /** From 0 to 1, ascending. */
  onProgress(fraction: number): void;
}

type Unknown = Extract<Fact<never>, { known: false }>;

/**
 * Asks an API server for the facts of its cluster. Only GET is sent. What is refused or fails is a gap, list by list.
 *
 * @throws PlimsollError `kubeconfig_invalid`; `cluster_unreachable`, `cluster_unauthorized`, `cluster_failed` where nothing can be
 *   had at all; whatever the signal was aborted with
 */
export async function collectCluster(options: CollectClusterOptions): Promise<ClusterFacts> {
  const access = await clusterAccess(options.access);
  const client = new ApiClient({ ...options, access });
  try {
    return await new Collecting(client, options).run();
  } finally {
    client.close();
  }
}

class Collecting {
  private readonly redaction = new ClusterRedaction(new SecretScanner(randomBytes(32)));
  private readonly builder = new FactsBuilder(this.redaction);
  private readonly failures = new Map<ReadKind, Unknown>();
  private readonly nodes: string[] = [];

  constructor(
    private readonly client: ApiClient,
    private readonly options: CollectClusterOptions,
  ) {}

  async run(): Promise<ClusterFacts> {
    const server = await this.server();
    let done = 0;
    await eachAtOnce(READ_KINDS, CONCURRENCY, async (read) => {
      await this.list(read);
      done += 1;
      this.options.onProgress((done / READ_KINDS.length) * LISTED);
    });
    this.failWhereNothing();
    const kubelets = await readKubelets(this.client, this.nodes.sort(), this.redaction);
    this.options.onProgress(1);
    return this.builder.finish({
      collectedBy: 'api',
      now: this.options.now,
      server,
      kubelets: kubelets ?? this.unlisted(),
      absent: (list) => this.absent(list),
    });
  }

  /** Also tells whether there is an API server at all. */
  private async server(): Promise<Fact<ServerVersion>> {
    try {
      const { gitVersion, platform } = await this.client.get('/version');
      const version = typeof gitVersion === 'string' ? /^v?(\d{1,4})\.(\d{1,4})\./.exec(gitVersion) : null;
      if (version === null || typeof gitVersion !== 'string') {
        return { known: false, code: 'unreadable', reason: 'The API server does not say which version it has.' };
      }
      const [, major, minor] = version;
      const known = {
        gitVersion: gitVersion.slice(0, 200),
        major: Number(major),
        minor: Number(minor),
        platform: typeof platform === 'string' ? platform.slice(0, 200) : null,
      };
      return { known: true, value: known, gaps: [] };
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (error.status === null) {
        const message = `The API server cannot be asked: ${error.message}. Check its address and certificate in the kubeconfig.`;
        throw new PlimsollError('cluster_unreachable', message, { cause: error });
      }
      const reason = `The version of the API server: ${error.message}.`;
      return { known: false, code: error.status === 403 ? 'not_permitted' : 'unreadable', reason };
    }
  }

  private async list(read: ReadKind): Promise<void> {
    const isSecrets = read.list === 'secrets';
    if (isSecrets && !this.options.secretMetadata) {
      const reason = 'The metadata of Secrets was not asked for, as whoever may list it may read their values.';
      this.failures.set(read, { known: false, code: 'not_collected', reason });
      return;
    }
    try {
      const isServed = isSecrets
        ? await listSecrets(this.client, read, (item) => this.builder.add(item, null))
        : await listKind(this.client, read, {}, (item) => {
            if (read.list === 'nodes') this.nodes.push(nameOf(item));
            this.builder.add(item, null);
          });
      if (isServed || read.isOptional) this.builder.sawKind(read);
      else {
        const reason = `The API server does not serve ${resourceOf(read)}.`;
        this.failures.set(read, { known: false, code: 'unreadable', reason });
      }
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      this.failures.set(read, unknownOf(read, error));
    }
  }

  /** A list that failed in all its kinds is not known, and one that failed in some has a gap. */
  private absent(list: ObjectList): Unknown | { gap: string } | null {
    const failed = kindsOf(list).flatMap((read) => this.failures.get(read) ?? []);
    const [first] = failed;
    if (first === undefined) return null;
    const reason = failed.map((each) => each.reason).join(' ');
    return failed.length === kindsOf(list).length ? { ...first, reason } : { gap: reason };
  }

  private unlisted(): Unknown {
    const why = this.absent('nodes');
    if (why !== null && 'known' in why) return { ...why, reason: `Which nodes there are is not known. ${why.reason}` };
    return { known: false, code: 'not_present', reason: 'The cluster has no nodes.' };
  }

  private failWhereNothing(): void {
    const failures = READ_KINDS.flatMap((read) => (read.list === 'secrets' ? [] : (this.failures.get(read) ?? [])));
    if (failures.length < READ_KINDS.length - 1) return;
    const isRefused = failures.every(({ code }) => code === 'not_permitted');
    const message = `Nothing of the cluster can be read. ${failures[0]?.reason ?? ''}`;
    throw new PlimsollError(isRefused ? 'cluster_unauthorized' : 'cluster_failed', message);
  }
}

function unknownOf(read: ReadKind, failure: ApiFailure): Unknown {
  const resource = resourceOf(read);
  if (failure.status === 401) {
    const reason = `${resource} were refused: the API server does not take the credentials, which may have expired.`;
    return { known: false, code: 'not_permitted', reason };
  }
  if (failure.status === 403) {
    const reason = `${resource} were refused: they need the right to get and list ${resource}. plimsoll collect cluster --print-rbac prints a role with all that is needed.`;
    return { known: false, code: 'not_permitted', reason };
  }
  const code = /more than/.test(failure.message) ? 'limit_exceeded' : 'unreadable';
  return { known: false, code, reason: `${resource} could not be read from the API server: ${failure.message}.` };
}

function resourceOf({ resource, groups: [group] }: ReadKind): string {
  return group ? `${resource}.${group}` : resource;
}

function nameOf(item: unknown): string {
  const name = (item as { metadata?: { name?: unknown } } | null)?.metadata?.name;
  return typeof name === 'string' ? name : '';
}
