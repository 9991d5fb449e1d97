export const REPORT_FORMATS = ['openvex'] as const;
/** What findings of a scan can be told in. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];
