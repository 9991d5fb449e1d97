import { PassThrough, type Readable } from 'node:stream';
import type { MultipartFile } from '@fastify/multipart';
import multipart from '@fastify/multipart';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { PlimsollError } from '../../model/error.js';
import { isPlainText } from '../dto/plain-text.validator.js';
import { expectedError } from '../problem.js';

const ROUTE = '/v1/uploads';
/** What any body of the upload route is taken for, whatever it says it is. */
const RAW_BODY = 'application/vnd.plimsoll.upload';

export interface UploadedFile {
  stream: Readable;
  name: string | null;
  /** Bytes, as the client said; null when it did not. */
  size: number | null;
}

/**
 * Lets the upload route read its body as it comes. Fastify chooses a parser by the content type and knows no parser for
 * one route, so the type is replaced before it looks: `curl --data-binary` says x-www-form-urlencoded, others JSON or
 * nothing at all. A parser that reads nothing is not subject to the limit on bodies.
 */
export async function acceptUploads(app: NestFastifyApplication): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', async (request) => {
    if (request.routeOptions.url !== ROUTE || isForm(request)) return;
    request.raw.headers['content-type'] = RAW_BODY;
  });
  fastify.addContentTypeParser(RAW_BODY, (request, payload, done) => {
    if (request.routeOptions.url === ROUTE) done(null, payload);
    else done(new PlimsollError('unsupported_media_type', 'Expected a body of type application/json.'));
  });
  await app.register(multipart);
  fastify.addHook('preHandler', async (request) => {
    if (!request.isMultipart() || request.routeOptions.url === ROUTE) return;
    throw new PlimsollError('unsupported_media_type', 'Expected a body of type application/json.');
  });
}

/** Hands over the body, or the one file of a form; what is left of the body when that fails is read and dropped. */
export async function withUploadedFile<T>(
  request: FastifyRequest,
  name: string | null,
  use: (file: UploadedFile) => Promise<T>,
): Promise<T> {
  try {
    if (request.isMultipart()) return await useFormFile(request, name, use);
    const size = Number(request.headers['content-length'] ?? Number.NaN);
    return await use({ stream: detached(request.raw), name, size: Number.isSafeInteger(size) ? size : null });
  } catch (error) {
    // Without this the answer would wait behind a body that nobody reads.
    request.raw.unpipe();
    request.raw.resume();
    throw error;
  }
}

/** Busboy's own limits: the size is UploadService's business. */
const FORM_LIMITS = { fileSize: Number.MAX_SAFE_INTEGER, files: 1, fields: 16, fieldSize: 4096, parts: 17 };

async function useFormFile<T>(
  request: FastifyRequest,
  name: string | null,
  use: (file: UploadedFile) => Promise<T>,
): Promise<T> {
  let answer: { value: T } | null = null;
  const parts = request.files({ limits: FORM_LIMITS });
  for (let part = await nextPart(parts); part; part = await nextPart(parts)) {
    // A body that ends too soon fails the stream, perhaps before anyone listens.
    part.file.on('error', () => undefined);
    try {
      answer = { value: await use({ stream: part.file, name: name ?? fileName(part), size: null }) };
    } catch (error) {
      const { errored } = part.file;
      throw error instanceof PlimsollError || errored === null ? error : formError(errored);
    }
  }
  if (answer) return answer.value;
  throw new PlimsollError('invalid_request', 'The form has no file: send the archive as its one file field.', {
    errors: [{ path: 'file', message: 'expected a file' }],
  });
}

async function nextPart(parts: AsyncIterableIterator<MultipartFile>): Promise<MultipartFile | null> {
  try {
    const { done, value } = await parts.next();
    return done ? null : value;
  } catch (error) {
    throw formError(error);
  }
}

/** What Busboy says of a body that is no form is a plain Error. */
function formError(error: unknown): PlimsollError {
  const message = 'The form cannot be read: expected multipart/form-data with a boundary, as RFC 7578 has it.';
  return expectedError(error) ?? new PlimsollError('invalid_request', message, { cause: error });
}

function isForm(request: FastifyRequest): boolean {
  return /^multipart\/form-data\s*(;|$)/i.test(request.headers['content-type'] ?? '');
}

/** A name that cannot be stored is not worth refusing the file. */
function fileName({ filename }: MultipartFile): string | null {
  return isPlainText(filename, 255) ? filename : null;
}

/**
 * The request's body as a stream that may be destroyed: to destroy the request itself would close the connection before
 * the client has its answer.
 */
function detached(source: Readable): Readable {
  const copy = new PassThrough();
  source.once('error', (error) => copy.destroy(error));
  source.once('close', () => {
    if (!source.readableEnded)
      copy.destroy(new PlimsollError('invalid_request', 'The upload ended early: send it again.'));
  });
  copy.once('close', () => source.unpipe(copy).resume());
  return source.pipe(copy);
}
