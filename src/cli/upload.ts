import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import * as http from 'node:http';
import * as https from 'node:https';
import { basename } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Upload } from '../model/upload.js';
import { type ApiClient, asApiError, unreachable } from './api-client.js';
import type { Wire } from './wire.js';

/**
 * Sends a file, read as it goes. Not by fetch, which tells neither the length of a stream nor how far it is.
 *
 * @param onProgress percent
 */
export async function uploadFile(
  client: ApiClient,
  path: string,
  signal: AbortSignal,
  onProgress: (percent: number) => void,
): Promise<Wire<Upload>> {
  const { size } = await stat(path);
  const url = client.endpoint('/v1/uploads');
  url.searchParams.set('filename', basename(path).slice(0, 255));
  const { request } = url.protocol === 'https:' ? https : http;
  const outgoing = request(url, {
    method: 'POST',
    headers: { ...client.headers(), 'content-type': 'application/octet-stream', 'content-length': size },
    signal,
  });
  const answer = answerOf(outgoing);
  let sent = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      onProgress(Math.floor((sent / size) * 100));
      done(null, chunk);
    },
  });
  // A refusal comes while the file is still being sent; what then happens to the rest does not matter.
  const sending = pipeline(createReadStream(path), meter, outgoing).then(
    () => null,
    (error: unknown) => error,
  );
  const { status, text } = await answer.catch(async (error) => {
    throw signal.aborted ? signal.reason : unreachable(client.url, (await sending) ?? error);
  });
  outgoing.destroy();
  if (status !== 201) throw asApiError(client.url, status, text);
  return JSON.parse(text) as Wire<Upload>;
}

function answerOf(outgoing: http.ClientRequest): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
  });
}
