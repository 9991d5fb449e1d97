import type { ControlStatus } from '../model/control.js';
import type { FindingKind, FindingStatus } from '../model/finding.js';
import type { PageRequest } from '../model/page.js';
import type { ScanOptions, ScanStatus } from '../model/scan.js';
import type { Severity } from '../model/severity.js';
import type { TargetKind } from '../model/target.js';
import type { CreateScanInput, ScanOptionsInput } from './dto/create-scan.input.js';
import type { PageQuery } from './dto/list.query.js';

/**
 * What both APIs take, as the services want it: what was left out and what is null are the same here, so that a
 * repeated request is recognised however it is written.
 */
export function scanRequest({ target, options, priority }: CreateScanInput): {
  target: { kind: TargetKind; reference: string; name?: string; labels?: Record<string, string> };
  options?: ScanOptions;
  priority?: number;
} {
  return {
    target: {
      kind: target.kind,
      reference: target.reference,
      ...(target.name != null && { name: target.name }),
      ...(target.labels != null && { labels: { ...target.labels } }),
    },
    ...optionsOf(options),
    ...(priority != null && { priority }),
  };
}

/** Options without those that were not given, or have no effect. */
export function scanOptions(given: ScanOptionsInput | null | undefined): ScanOptions {
  return {
    ...(given?.platform != null && { platform: given.platform }),
    ...(given?.lockfiles === true && { lockfiles: true }),
    ...(given?.secrets === false && { secrets: false }),
  };
}

function optionsOf(given: ScanOptionsInput | null | undefined): { options?: ScanOptions } {
  const options = scanOptions(given);
  return Object.keys(options).length === 0 ? {} : { options };
}

export function pageRequest({ limit, cursor }: PageQuery): PageRequest {
  return { limit, cursor: cursor ?? null };
}

interface FindingFilterInput {
  status?: FindingStatus[] | null;
  severity?: Severity[] | null;
  kind?: FindingKind | null;
  targetId?: string | null;
  ruleId?: string | null;
  kev?: boolean | null;
  minEpss?: number | null;
  asOf?: Date | null;
}

/** The filter without what was not asked for. */
export function findingFilter(input: FindingFilterInput) {
  const { status, severity, kind, targetId, ruleId, kev, minEpss, asOf } = input;
  return {
    ...(status != null && { status }),
    ...(severity != null && { severity }),
    ...(kind != null && { kind }),
    ...(targetId != null && { targetId }),
    ...(ruleId != null && { ruleId }),
    ...(kev != null && { kev }),
    ...(minEpss != null && { minEpss }),
    ...(asOf != null && { asOf }),
  };
}

/** What a query says, as the services want it. */
export const EXPLOITABLE = { true: true, false: false, unknown: 'unknown' } as const;

export function scanFilter({ targetId, status }: { targetId?: string | null; status?: ScanStatus | null }) {
  return { ...(targetId != null && { targetId }), ...(status != null && { status }) };
}

export function controlFilter({ status }: { status?: ControlStatus[] | null }) {
  return { ...(status != null && { status }) };
}

export function targetFilter({ kind }: { kind?: TargetKind | null }) {
  return { ...(kind != null && { kind }) };
}
