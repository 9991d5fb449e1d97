/**
 * Every way in which Plimsoll says no. A code is stable: clients switch on it, REST prints it in problem+json,
 * GraphQL in `extensions.code`, a failed scan in `error.code`.
 */
export type ErrorCode =
  // requests
  | 'invalid_request'
  | 'malformed_json'
  | 'malformed_cursor'
  | 'unsupported_media_type'
  | 'payload_too_large'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'idempotency_key_reused'
  | 'query_too_complex'
  | 'unavailable'
  | 'internal_error'
  // references and local paths
  | 'unknown_reference_form'
  | 'unsupported_target_kind'
  | 'path_not_allowed'
  | 'path_not_found'
  | 'path_not_readable'
  | 'upload_not_found'
  // reading images
  | 'not_an_archive'
  | 'archive_truncated'
  | 'archive_corrupt'
  | 'manifest_missing'
  | 'manifest_invalid'
  | 'image_not_in_archive'
  | 'platform_not_found'
  | 'layer_missing'
  | 'layer_not_a_tar'
  | 'digest_mismatch'
  | 'limit_exceeded'
  // SBOMs
  | 'sbom_invalid'
  | 'vex_invalid'
  | 'inventory_missing'
  // facts of hosts
  | 'facts_invalid'
  // registries and daemons
  | 'address_not_allowed'
  | 'certificate_untrusted'
  | 'registry_unreachable'
  | 'registry_unauthorized'
  | 'registry_rate_limited'
  | 'registry_invalid'
  | 'image_not_found'
  | 'manifest_unsupported'
  | 'credentials_unreadable'
  | 'daemon_unreachable'
  | 'daemon_forbidden'
  | 'daemon_failed'
  // the event log
  | 'signing_key_unreadable'
  // clusters
  | 'kubeconfig_invalid'
  | 'cluster_unreachable'
  | 'cluster_unauthorized'
  | 'cluster_failed'
  // scans
  | 'scan_not_cancellable'
  | 'worker_lost'
  | 'cancelled'
  // benchmarks
  | 'unknown_benchmark'
  // advisories
  | 'advisory_not_found'
  // feeds
  | 'unknown_feed'
  | 'feed_source_unreachable'
  | 'feed_source_invalid'
  | 'feed_shrank';

/** An expected failure: a code, and a sentence that says what was expected, what came, and what to do. */
export class PlimsollError extends Error {
  override readonly name = 'PlimsollError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown; errors?: readonly FieldError[] },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.errors = options?.errors ?? [];
  }

  readonly errors: readonly FieldError[];
}

/** One field of a request that was not accepted. `path` is dotted, as `target.reference`. */
export interface FieldError {
  path: string;
  message: string;
}
