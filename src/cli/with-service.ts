import type { ApiClient } from './api-client.js';
import { type ConnectOptions, connect, NOTHING_MORE, type Readable } from './connect.js';
import { Progress } from './progress.js';

/**
 * What a command does with a service, which is stopped at the end where it was started for the command.
 *
 * @param work clears what it shows of its progress before it prints
 */
export async function withService<T>(
  options: ConnectOptions,
  signal: AbortSignal,
  work: (client: ApiClient, progress: Progress) => Promise<T>,
  readable: Readable = NOTHING_MORE,
): Promise<T> {
  const progress = new Progress();
  const connection = await connect(options, progress, signal, readable);
  try {
    progress.clear();
    return await work(connection.client, progress);
  } finally {
    progress.clear();
    await connection.close();
  }
}
