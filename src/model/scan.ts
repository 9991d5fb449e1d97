import type { Coverage } from './coverage.js';
import type { SeverityCounts } from './severity.js';
import type { TargetKind } from './target.js';

export const SCAN_STATUSES = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'] as const;
export type ScanStatus = (typeof SCAN_STATUSES)[number];

export const SCAN_PHASES = ['waiting', 'reading', 'matching', 'storing', 'done'] as const;
export type ScanPhase = (typeof SCAN_PHASES)[number];

/** One audit of one target. */
export interface Scan {
  id: string;
  target: { id: string; kind: TargetKind; reference: string; name: string | null };
  status: ScanStatus;
  /** What asked for the scan. */
  trigger: ScanTrigger;
  options: ScanOptions;
  /** 0 (first) to 9 (last). */
  priority: number;
  progress: ScanProgress;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  error: { code: string; message: string } | null;
  coverage: Coverage;
  counts: SeverityCounts;
  /** `sha256:…` of the canonical facts; null until they are read. */
  inventoryDigest: string | null;
  /** `sha256:…` of the manifest that the reference stood for; null until it is read, and where there is none. */
  imageDigest: string | null;
}

export type ScanTrigger =
  | 'api'
  | 'schedule'
  /** The scan of a host, on which the image runs. */
  | 'image_in_use';

export interface ScanOptions {
  /** `os/arch[/variant]`, which image of a multi-platform index is meant. */
  platform?: string;
  /** Whether what lockfiles ask for counts as installed; not unless asked for. */
  lockfiles?: boolean;
  /** Whether files are searched for secrets; they are, unless this is false. */
  secrets?: boolean;
}

export interface ScanProgress {
  phase: ScanPhase;
  /** 0 to 100, whole numbers. */
  percent: number;
}

/** Whether a scan with this status will not change any more. */
export function isTerminal(status: ScanStatus): boolean {
  return status !== 'queued' && status !== 'running';
}
