import { type ErrorCode, PlimsollError } from '../../model/error.js';
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
 */

export type WorkerTask = { hash: HashTask } | { unpack: UnpackTask; bytes: SharedArrayBuffer };

export type WorkerAnswer = { result: HashedBlob | UnpackedLayer | null } | { error: WorkerError };

interface WorkerError {
  code: ErrorCode;
  message: string;
}

export default async function answer(task: WorkerTask): Promise<WorkerAnswer> {
  try {
    if ('hash' in task) return { result: await hashBlob(task.hash) };
    const bytes = new BigInt64Array(task.bytes);
    return { result: await unpackLayer(task.unpack, (count) => Atomics.add(bytes, 0, BigInt(count))) };
  } catch (error) {
    if (error instanceof PlimsollError) return { error: { code: error.code, message: error.message } };
    throw error;
  }
}
