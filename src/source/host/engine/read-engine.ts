import type { z } from 'zod';
import type { SecretScanner } from '../../../engine/secret/secret-scanner.js';
import { ValueRedaction } from '../../../engine/secret/value-redaction.js';
import { PlimsollError } from '../../../model/error.js';
import type { Container, EngineFacts, EngineImage, EngineNetwork, EngineVolume } from '../../../model/host/engine.js';
import type { Fact, UnknownCode } from '../../../model/host/fact.js';
import type { DaemonOptions } from '../../daemon/daemon-client.js';
import { containerFacts } from './container-facts.js';
import {
  containerListAnswer,
  countedAnswer,
  imageAnswer,
  imageListAnswer,
  infoAnswer,
  networkListAnswer,
  nodeListAnswer,
  podmanInfoAnswer,
  podmanNetworkListAnswer,
  processesAnswer,
  serviceListAnswer,
  swarmAnswer,
  versionAnswer,
  volumeListAnswer,
} from './engine-answers.js';
import { ENGINE_LIMITS, EngineClient, type EngineLimits, forEachConcurrently, Unanswered } from './engine-client.js';
import { engineSettings } from './engine-settings.js';
import { Gaps } from './gaps.js';
import { imageFacts } from './image-facts.js';
import { type InspectedContainer, inspectedContainer } from './inspected-container.js';
import { dockerNetwork, joinedNetworks, podmanNetwork } from './network-facts.js';
import { processesOf } from './process-facts.js';
import { isInSwarm, type SwarmAnswers, swarmFacts } from './swarm-facts.js';

export interface ReadEngineOptions {
  daemon: DaemonOptions;
  signal: AbortSignal;
  secrets: Pick<SecretScanner, 'scanText'>;
  /** From 0 to 1. */
  onProgress: (fraction: number) => void;
  limits?: Partial<EngineLimits>;
}

/** Of containers, images, networks and volumes: more are not looked at. */
const MAX_LISTED = 10_000;

/** Podman's own answers; what it says in Docker's form leaves out part of them. */
const LIBPOD = '/v4.0.0/libpod';

/**
 * Asks a container engine, Docker or Podman, how it is set up and what it runs. Only GET is sent.
 *
 * What could not be read of it is a gap; where the engine itself or its list of containers could not be read, nothing is
 * known. Containers that are removed while it is read are left out.
 *
 * @throws the signal's reason when it is aborted, and nothing else
 */
export async function readEngineFacts(options: ReadEngineOptions): Promise<Fact<EngineFacts>> {
  const { daemon, signal, secrets, onProgress, limits } = options;
  signal.throwIfAborted();
  const client = new EngineClient(daemon, signal, { ...ENGINE_LIMITS, ...limits });
  const reader = new EngineReader(client, new ValueRedaction(secrets), onProgress);
  try {
    return { known: true, value: await reader.read(), gaps: reader.gaps.list() };
  } catch (error) {
    signal.throwIfAborted();
    return { known: false, ...unknownOf(error, client.address) };
  } finally {
    client.close();
  }
}

class EngineReader {
  readonly gaps = new Gaps();

  constructor(
    private readonly client: EngineClient,
    private readonly redaction: ValueRedaction,
    private readonly onProgress: (fraction: number) => void,
  ) {}

  async read(): Promise<EngineFacts> {
    const version = await this.client.get('/version', versionAnswer);
    const info = await this.client.get('/info', infoAnswer);
    const settings = engineSettings(version, info, null);
    const isPodman = settings.kind === 'podman';
    const podman = isPodman ? await this.orGap('How Podman is set up', `${LIBPOD}/info`, podmanInfoAnswer) : null;
    const networks = isPodman ? await this.podmanNetworks() : await this.dockerNetworks();
    const containers = await this.containers(isPodman);
    const images = await this.images(new Set(containers.map(({ imageId }) => imageId)));
    const digests = new Map(images.map(({ id, digests: known }) => [id, known]));
    const facts: EngineFacts = {
      ...(podman ? engineSettings(version, info, podman) : settings),
      address: this.client.address,
      swarm: isInSwarm(info.Swarm) ? swarmFacts(info.Swarm, await this.swarm(info.Swarm.ControlAvailable)) : null,
      containers: containers.map((container) => ({
        ...container,
        networks: joinedNetworks(container, networks),
        imageDigests: digests.get(container.imageId) ?? [],
      })),
      images,
      networks,
      volumes: await this.volumes(),
    };
    this.onProgress(1);
    return facts;
  }

  /** @throws Unanswered: without the list nothing is known of what runs */
  private async containers(isPodman: boolean): Promise<Container[]> {
    const all = await this.client.get('/containers/json?all=1', containerListAnswer);
    const listed = this.atMost(all, 'containers');
    const containers: Container[] = [];
    let done = 0;
    await forEachConcurrently(listed, async ({ Id, Names }) => {
      const name = (Names[0] ?? Id.slice(0, 12)).replace(/^\//, '');
      const inspected = await this.inspect(Id, name, isPodman);
      if (inspected) {
        const container = containerFacts(inspected, this.redaction);
        const runs = container.status === 'running' || container.status === 'paused';
        containers.push({ ...container, processes: runs ? await this.processes(Id) : null });
      }
      done += 1;
      this.onProgress((0.9 * done) / listed.length);
    });
    return containers.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private async inspect(id: string, name: string, isPodman: boolean): Promise<InspectedContainer | null> {
    const path = `/containers/${encodeURIComponent(id)}/json`;
    const subject = `Container ${name}`;
    if (!isPodman) return await this.orGap(subject, path, inspectedContainer, 'absent');
    try {
      return await this.client.get(`${LIBPOD}${path}`, inspectedContainer);
    } catch {
      // Podman before 4, or one that is asked through a proxy that knows Docker's paths alone.
      return await this.orGap(subject, path, inspectedContainer, 'absent');
    }
  }

  /** Null where it is not known: a control that needs it says so. */
  private async processes(id: string): Promise<Container['processes']> {
    try {
      const answer = await this.client.get(`/containers/${encodeURIComponent(id)}/top`, processesAnswer);
      return processesOf(answer, this.redaction);
    } catch (error) {
      return ifUnanswered(error, null);
    }
  }

  private async images(used: ReadonlySet<string>): Promise<EngineImage[]> {
    const listed = this.atMost(await this.orGap('The list of images', '/images/json', imageListAnswer), 'images');
    const images: EngineImage[] = [];
    await forEachConcurrently(listed, async (image) => {
      const facts = imageFacts(image, null);
      if (!used.has(facts.id)) {
        images.push(facts);
        return;
      }
      const path = `/images/${encodeURIComponent(facts.id)}/json`;
      const inspected = await this.orGap(`Image ${facts.tags[0] ?? facts.id}`, path, imageAnswer, 'absent');
      images.push(imageFacts(image, inspected));
    });
    return images.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private async dockerNetworks(): Promise<EngineNetwork[]> {
    const all = await this.orGap('The list of networks', '/networks', networkListAnswer);
    const networks = this.atMost(all, 'networks').map((network) => dockerNetwork(network, this.redaction));
    return networks.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private async podmanNetworks(): Promise<EngineNetwork[]> {
    try {
      const all = await this.client.get(`${LIBPOD}/networks/json`, podmanNetworkListAnswer);
      const networks = this.atMost(all, 'networks').map((network) => podmanNetwork(network, this.redaction));
      return networks.sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      const networks = ifUnanswered(error, await this.dockerNetworks());
      // In Docker's form Podman calls its default network as Docker does, but not where containers are on it.
      return networks.map((network) => (network.name === 'bridge' ? { ...network, name: 'podman' } : network));
    }
  }

  private async volumes(): Promise<EngineVolume[]> {
    const answer = await this.orGap('The list of volumes', '/volumes', volumeListAnswer);
    const volumes = this.atMost(answer?.Volumes ?? null, 'volumes').map(({ Name, Driver, Mountpoint, Options }) => ({
      name: Name,
      driver: Driver,
      mountPoint: Mountpoint,
      options: this.redaction.pairs(Options, 'volumes'),
    }));
    return volumes.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private async swarm(isManager: boolean): Promise<SwarmAnswers> {
    if (!isManager) return { swarm: null, nodes: null, services: [], secrets: null };
    return {
      swarm: await this.orGap('The swarm', '/swarm', swarmAnswer),
      nodes: await this.orGap('The list of nodes of the swarm', '/nodes', nodeListAnswer),
      services: (await this.orGap('The list of services of the swarm', '/services', serviceListAnswer)) ?? [],
      secrets: await this.orGap('The list of secrets of the swarm', '/secrets', countedAnswer),
    };
  }

  /** @param missing what it means that there is none: something that was removed meanwhile is no gap */
  private async orGap<T>(
    subject: string,
    path: string,
    schema: z.ZodType<T>,
    missing: 'gap' | 'absent' = 'gap',
  ): Promise<T | null> {
    try {
      return await this.client.get(path, schema);
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === null) throw error;
      const isGone = missing === 'absent' && error instanceof Unanswered && error.kind === 'missing';
      if (!isGone) this.gaps.add(subject, reason);
      return null;
    }
  }

  private atMost<T>(list: readonly T[] | null, what: string): readonly T[] {
    if (list === null || list.length <= MAX_LISTED) return list ?? [];
    this.gaps.add(`${list.length - MAX_LISTED} ${what} of ${list.length}`, `were not looked at: ${MAX_LISTED} are`);
    return list.slice(0, MAX_LISTED);
  }
}

/** The rest of a sentence; null for what is no answer of an engine. */
function reasonOf(error: unknown): string | null {
  if (error instanceof Unanswered) return error.reason;
  return error instanceof PlimsollError ? `could not be read: ${error.message.replace(/\.$/, '')}` : null;
}

function ifUnanswered<T>(error: unknown, instead: T): T {
  if (reasonOf(error) === null) throw error;
  return instead;
}

function unknownOf(error: unknown, address: string): { code: UnknownCode; reason: string } {
  if (error instanceof PlimsollError) {
    const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
    if (error.code === 'daemon_forbidden') return { code: 'not_permitted', reason: error.message };
    const isAbsent = code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK';
    return { code: isAbsent ? 'not_present' : 'unreadable', reason: error.message };
  }
  if (!(error instanceof Unanswered)) throw error;
  const reason = `The container engine at ${address} ${error.reason}.`;
  switch (error.kind) {
    case 'forbidden':
      return { code: 'not_permitted', reason };
    case 'limit':
      return { code: 'limit_exceeded', reason };
    case 'missing':
    case 'failed':
    case 'unreadable':
      return { code: 'unreadable', reason };
  }
}
