/** On whose behalf something is done. */
export interface Principal {
  projectId: string;
  /** `token:<id>`, or `system`. */
  actor: string;
}
