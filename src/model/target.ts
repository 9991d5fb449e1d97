export const TARGET_KINDS = ['image', 'host', 'cluster'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** What is audited, registered once per project. */
export interface Target {
  id: string;
  kind: TargetKind;
  reference: string;
  name: string | null;
  labels: Record<string, string>;
  createdAt: Date;
  lastScanId: string | null;
  lastScanAt: Date | null;
  /** Advisories that had come in by then are taken into account in its findings; null before there are any facts. */
  judgedAt: Date | null;
}
