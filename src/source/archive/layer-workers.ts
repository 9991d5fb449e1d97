import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import type { LayerFacts } from '../../engine/layer/layer-facts.js';
import type { SbomFacts } from '../../engine/sbom/sbom-facts.js';
import type { ClusterFacts } from '../../model/cluster/cluster-facts.js';
import { PlimsollError } from '../../model/error.js';
import type { HostFacts } from '../../model/host/host-facts.js';
import type { ClusterFilesTask } from '../cluster/read-objects.js';
import type { HostRootTask, RootFacts } from '../host/root/read-root.js';
import { MILLION, type WorkerAnswer, type WorkerTask } from './layer-worker.js';
import type { DocumentTask } from './read-whole.js';
import type { FolderTask } from './rootfs-folder.js';
import type { UncompressTask } from './uncompress.js';
import type { HashedBlob, HashTask, OnBytes, UnpackedLayer, UnpackTask } from './unpack-layer.js';

/** A thread that needs more than this reads something that was made to exhaust it. */
const MAX_HEAP_MB = 768;

/** Small, so that buffers are let go soon: the fewer wait for collection, the less memory a large layer takes. */
const YOUNG_HEAP_MB = 1;

/** How often progress is looked at, milliseconds. */
const PROGRESS_MS = 100;

/** Threads without work are ended after this long, milliseconds. */
const IDLE_MS = 30_000;

/**
 * Threads that read layers. Unpacking allocates as many bytes as the layer has: in a heap of its own that is collected
 * in no time, and the API is answered meanwhile. What exhausts a thread's memory fails its scan, not the service.
 */
export class LayerWorkers {
  private readonly pool = new Piscina<WorkerTask, WorkerAnswer>({
    filename: workerFile(),
    minThreads: 0,
    maxThreads: Math.min(4, Math.max(2, availableParallelism())),
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
  });

  async hash(task: HashTask, signal: AbortSignal): Promise<HashedBlob> {
    return (await this.run({ hash: task }, task.blob.name, signal)) as HashedBlob;
  }

  async readSbom(task: DocumentTask, signal: AbortSignal): Promise<SbomFacts> {
    return (await this.run({ sbom: task }, task.blob.name, signal)) as SbomFacts;
  }

  async readFacts(task: DocumentTask, signal: AbortSignal): Promise<HostFacts> {
    return (await this.run({ hostFacts: task }, task.blob.name, signal)) as HostFacts;
  }

  async readCluster(task: ClusterFilesTask, signal: AbortSignal): Promise<ClusterFacts> {
    return (await this.run({ cluster: task }, task.name, signal)) as ClusterFacts;
  }

  async unpack(task: UnpackTask, signal: AbortSignal, onBytes: OnBytes): Promise<UnpackedLayer | null> {
    return this.watched(onBytes, (shared) =>
      this.run({ unpack: task, shared }, task.blob.name, signal),
    ) as Promise<UnpackedLayer | null>;
  }

  async uncompress(task: UncompressTask, signal: AbortSignal, onBytes: OnBytes): Promise<void> {
    await this.watched(onBytes, (shared) => this.run({ uncompress: task, shared }, task.blob.name, signal));
  }

  /** @param onProgress from 0 to 1, ascending */
  async readFolder(task: FolderTask, signal: AbortSignal, onProgress: (fraction: number) => void): Promise<LayerFacts> {
    return this.watched(fractionOf(onProgress), (shared) =>
      this.run({ folder: task, shared }, task.root, signal),
    ) as Promise<LayerFacts>;
  }

  /** @param onProgress from 0 to 1, ascending */
  async readHostRoot(
    task: HostRootTask,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<RootFacts> {
    return this.watched(fractionOf(onProgress), (shared) =>
      this.run({ hostRoot: task, shared }, task.folder, signal),
    ) as Promise<RootFacts>;
  }

  /** Looks at the counter that a thread raises while it works. */
  private async watched<T>(onCount: OnBytes, work: (shared: SharedArrayBuffer) => Promise<T>): Promise<T> {
    const shared = new SharedArrayBuffer(8);
    const count = new BigInt64Array(shared);
    const report = () => onCount(Number(Atomics.exchange(count, 0, 0n)));
    const timer = setInterval(report, PROGRESS_MS);
    try {
      return await work(shared);
    } finally {
      clearInterval(timer);
      report();
    }
  }

  /** Ends the threads, and what they do with them. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async run(task: WorkerTask, name: string, signal: AbortSignal): Promise<unknown> {
    try {
      const answer = await this.pool.run(task, { signal });
      if ('result' in answer) return answer.result;
      throw new PlimsollError(answer.error.code, answer.error.message);
    } catch (error) {
      signal.throwIfAborted();
      if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
      const message = `${name} takes more than ${MAX_HEAP_MB} MiB of memory to read: nothing real does.`;
      throw new PlimsollError('limit_exceeded', message, { cause: error });
    }
  }
}

/** From millionths that were done since the last call. */
function fractionOf(onProgress: (fraction: number) => void): OnBytes {
  let done = 0;
  return (count) => {
    done += count;
    onProgress(done / MILLION);
  };
}

/** A thread runs what was built, also where the sources are run as they are, in tests. */
function workerFile(): string {
  const folder = import.meta.dirname;
  const isBuilt = import.meta.filename.endsWith('.js');
  const built = isBuilt ? folder : join(folder, '..', '..', '..', 'dist', 'src', 'source', 'archive');
  return join(built, 'layer-worker.js');
}
