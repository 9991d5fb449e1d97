import type { LayerFacts } from '../../engine/layer/layer-facts.js';
import type { SbomFacts } from '../../engine/sbom/sbom-facts.js';
import type { ClusterFacts } from '../../model/cluster/cluster-facts.js';
import { type ErrorCode, PlimsollError } from '../../model/error.js';
import type { HostFacts } from '../../model/host/host-facts.js';
import type { ClusterFilesTask } from '../cluster/read-objects.js';
import type { HostRootTask, RootFacts } from '../host/root/read-root.js';
import { type DocumentTask, readWhole } from './read-whole.js';
import { type FolderTask, readFolder } from './rootfs-folder.js';
import { type UncompressTask, uncompress } from './uncompress.js';
import {
  type HashedBlob,
  type HashTask,
  hashBlob,
  type UnpackedLayer,
  type UnpackTask,
  unpackLayer,
} from './unpack-layer.js';

/*
 * The entry of a worker thread. Only what can be cloned crosses to the main thread, so expected errors are answers.
 * What reads no layer is loaded when it is asked for: a thread starts in half the time without it.
 */

/** `shared` is a counter that the main thread looks at: bytes read, or millionths of a folder. */
export type WorkerTask =
  | { hash: HashTask }
  | { sbom: DocumentTask }
  | { hostFacts: DocumentTask }
  | { cluster: ClusterFilesTask }
  | { unpack: UnpackTask; shared: SharedArrayBuffer }
  | { folder: FolderTask; shared: SharedArrayBuffer }
  | { hostRoot: HostRootTask; shared: SharedArrayBuffer }
  | { uncompress: UncompressTask; shared: SharedArrayBuffer };

export type WorkerAnswer =
  | { result: HashedBlob | UnpackedLayer | LayerFacts | SbomFacts | RootFacts | HostFacts | ClusterFacts | null }
  | { error: WorkerError };

export const MILLION = 1_000_000;

interface WorkerError {
  code: ErrorCode;
  message: string;
}

export default async function answer(task: WorkerTask): Promise<WorkerAnswer> {
  try {
    if ('hash' in task) return { result: await hashBlob(task.hash) };
    if ('sbom' in task) {
      const { parseSbom } = await import('../sbom/parse-sbom.js');
      return { result: await parseSbom(task.sbom) };
    }
    if ('hostFacts' in task) {
      const { readFacts } = await import('../host/facts-file.js');
      const content = await readWhole(task.hostFacts, 'a facts file');
      return { result: readFacts(content, task.hostFacts.blob.name) };
    }
    if ('cluster' in task) {
      const { readClusterFiles } = await import('../cluster/read-objects.js');
      return { result: await readClusterFiles(task.cluster) };
    }
    const shared = new BigInt64Array(task.shared);
    const add = (count: number) => Atomics.add(shared, 0, BigInt(count));
    if ('uncompress' in task) {
      await uncompress(task.uncompress, add);
      return { result: null };
    }
    let done = 0;
    const onProgress = (fraction: number) => {
      const millionths = Math.floor(fraction * MILLION);
      add(millionths - done);
      done = millionths;
    };
    if ('folder' in task) return { result: readFolder(task.folder, onProgress) };
    if ('hostRoot' in task) {
      const { readRoot } = await import('../host/root/read-root.js');
      return { result: readRoot(task.hostRoot, onProgress) };
    }
    return { result: await unpackLayer(task.unpack, add) };
  } catch (error) {
    if (error instanceof PlimsollError) return { error: { code: error.code, message: error.message } };
    throw error;
  }
}
