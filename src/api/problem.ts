import { HttpException } from '@nestjs/common';
import { type ErrorCode, type FieldError, PlimsollError } from '../model/error.js';

/** RFC 9457 problem details, with our stable code. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  errors?: readonly FieldError[];
}

/** Only this layer knows HTTP: RFC 9110 §15, the status of every code. */
export const STATUS_OF: Record<ErrorCode, number> = {
  invalid_request: 400,
  malformed_json: 400,
  malformed_cursor: 400,
  unsupported_media_type: 415,
  payload_too_large: 413,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  idempotency_key_reused: 422,
  query_too_complex: 400,
  unavailable: 503,
  internal_error: 500,
  unknown_reference_form: 422,
  unsupported_target_kind: 422,
  path_not_allowed: 422,
  path_not_found: 422,
  path_not_readable: 422,
  upload_not_found: 422,
  not_an_archive: 422,
  archive_truncated: 422,
  archive_corrupt: 422,
  manifest_missing: 422,
  manifest_invalid: 422,
  image_not_in_archive: 422,
  platform_not_found: 422,
  layer_missing: 422,
  layer_not_a_tar: 422,
  digest_mismatch: 422,
  limit_exceeded: 422,
  sbom_invalid: 422,
  vex_invalid: 422,
  inventory_missing: 409,
  facts_invalid: 422,
  address_not_allowed: 422,
  certificate_untrusted: 502,
  registry_unreachable: 502,
  registry_unauthorized: 422,
  registry_rate_limited: 503,
  registry_invalid: 502,
  image_not_found: 422,
  manifest_unsupported: 422,
  credentials_unreadable: 500,
  kubeconfig_invalid: 422,
  cluster_unreachable: 502,
  cluster_unauthorized: 422,
  cluster_failed: 502,
  daemon_unreachable: 502,
  daemon_forbidden: 422,
  daemon_failed: 502,
  signing_key_unreadable: 500,
  scan_not_cancellable: 409,
  worker_lost: 500,
  cancelled: 409,
  unknown_benchmark: 404,
  advisory_not_found: 404,
  unknown_feed: 404,
  feed_source_unreachable: 502,
  feed_source_invalid: 502,
  feed_shrank: 502,
};

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function problemOf(error: PlimsollError): Problem {
  const { code, message, errors } = error;
  return {
    type: `urn:plimsoll:error:${code}`,
    title: titleOf(code),
    status: STATUS_OF[code],
    code,
    detail: message,
    ...(errors.length > 0 && { errors }),
  };
}

/** What was thrown in our words; null for what nobody expected. */
export function expectedError(thrown: unknown): PlimsollError | null {
  if (thrown instanceof PlimsollError) return thrown;
  const cause = thrown instanceof HttpException ? (thrown.cause ?? thrown) : thrown;
  const known = FASTIFY_ERRORS[fastifyCode(cause)];
  if (known) return new PlimsollError(...known, { cause: thrown });
  if (!(thrown instanceof HttpException)) return null;
  const code = CODE_OF_STATUS[thrown.getStatus()];
  return code ? new PlimsollError(code, sentence(thrown), { cause: thrown }) : null;
}

/** What Fastify and its multipart plugin refuse by themselves. */
const FASTIFY_ERRORS: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_INVALID_JSON_BODY: [
    'malformed_json',
    'The body is not JSON, or has a key that is not allowed (`__proto__`, `constructor.prototype`).',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed_json', 'Expected a JSON body, got an empty one.'],
  FST_ERR_CTP_BODY_TOO_LARGE: [
    'payload_too_large',
    'Expected a body of at most 1 MiB (8 MiB for /v1/match, 16 MiB for /v1/vex); send files to /v1/uploads.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Expected a body of type application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'The body is not as long as its Content-Length says.'],
  FST_ERR_BAD_URL: ['invalid_request', 'The path is not a valid URL: check its percent-encoding.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'There is nothing here: a part of the path is too long to be an id.'],
  FST_MP_PREMATURE_CLOSE: ['invalid_request', 'The upload ended early: send it again.'],
  FST_PARTS_LIMIT: ['payload_too_large', 'The form has too many parts: send one file.'],
  FST_FILES_LIMIT: ['payload_too_large', 'The form has more than one file: send one file for each upload.'],
  FST_FIELDS_LIMIT: ['payload_too_large', 'The form has too many fields: send one file.'],
  FST_PROTO_VIOLATION: ['invalid_request', 'A field of the form has a name that is not allowed.'],
};

/** For exceptions of the framework, which carry a status alone. */
const CODE_OF_STATUS: Record<number, ErrorCode> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  503: 'unavailable',
};

/** Nest says `Cannot GET /path` of a route that it does not know. */
function sentence({ message }: HttpException): string {
  const route = /^Cannot (\S+ \S*)$/.exec(message)?.[1];
  return route ? `There is no ${route.slice(0, 200)}: /docs lists the routes.` : message;
}

function fastifyCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : '';
}

/** `not_found` → `Not found`. */
function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ').replace('json', 'JSON');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
