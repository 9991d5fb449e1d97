import type { SeverityCounts } from '../severity.js';
import type { Container } from './engine.js';

/** A container of a host, with what is known of its image now. */
export interface AuditedContainer
  extends Pick<
    Container,
    'id' | 'name' | 'image' | 'imageId' | 'imageDigests' | 'status' | 'user' | 'privileged' | 'createdAt'
  > {
  /** Null: its image was never audited, so nothing is known of it. */
  audit: ImageAudit | null;
  auditStatus: AuditStatus;
  /** The scan that was asked for of this very image; null: none was. */
  imageScanId: string | null;
  /** Whether its image has open vulnerabilities; null where that is not known. */
  exploitable: boolean | null;
}

/** Whether the image of a container was audited, and why not. */
export const AUDIT_STATUSES = [
  'audited',
  'queued',
  'running',
  'failed',
  'cancelled',
  /** The next scan of the host asks for it. */
  'waiting',
  /** The operator does not allow it. */
  'not_allowed',
  /** The container does not run. */
  'not_running',
  /** Neither an engine nor a registry is known to have the image. */
  'unnamed',
] as const;
export type AuditStatus = (typeof AUDIT_STATUSES)[number];

/** What the newest scan of an image, and advisories since, say of it. */
export interface ImageAudit {
  targetId: string;
  scanId: string;
  reference: string;
  scannedAt: Date;
  /**
   * `digest`: it is this very image; `index`: one of the same index, perhaps for another platform; `reference`: the name is
   * the same, that the image behind it is too is not known.
   */
  matchedBy: 'digest' | 'index' | 'reference';
  /** Whether the scan could examine everything. */
  complete: boolean;
  /** Of findings that are neither fixed nor suppressed. */
  counts: SeverityCounts;
  /** Open vulnerabilities. */
  vulnerabilities: number;
  /** Those of them that CISA knows to be exploited. */
  knownExploited: number;
  /** Vulnerabilities that could not be decided. */
  undetermined: number;
}

/** An audited image with what containers may know it by. */
export interface KnownImage extends Omit<ImageAudit, 'matchedBy'> {
  /** Of the target. */
  identity: string;
  /** Of the manifest and the configuration. */
  digests: string[];
  /** Of indexes that it was chosen from. */
  indexDigests: string[];
  /** Open vulnerabilities that were asked for. */
  wanted: number;
}
