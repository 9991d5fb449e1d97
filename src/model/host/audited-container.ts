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
  /** Whether its image has open vulnerabilities; null where that is not known. */
  exploitable: boolean | null;
}

/** What the newest scan of an image, and advisories since, say of it. */
export interface ImageAudit {
  targetId: string;
  scanId: string;
  reference: string;
  scannedAt: Date;
  /** `reference`: the name is the same; that the image behind it is too is not known. */
  matchedBy: 'digest' | 'reference';
  /** Whether the scan could examine everything. */
  complete: boolean;
  /** Of findings that are not fixed. */
  counts: SeverityCounts;
  /** Open vulnerabilities. */
  vulnerabilities: number;
  /** Vulnerabilities that could not be decided. */
  undetermined: number;
}
