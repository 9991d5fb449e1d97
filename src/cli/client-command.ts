import type { ApiClient } from './api-client.js';
import { type ConnectOptions, connect } from './connect.js';
import { Progress } from './progress.js';

/** Runs what a command asks the service, and closes the connection whatever comes of it. */
export async function withClient<T>(
  options: ConnectOptions,
  signal: AbortSignal,
  run: (client: ApiClient, progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = new Progress();
  const connection = await connect(options, progress, signal);
  try {
    const result = await run(connection.client, progress);
    progress.clear();
    return result;
  } finally {
    progress.clear();
    await connection.close();
  }
}
