/** The distribution that os-release(5) names. */
export interface Distribution {
  /** `ID`: `alpine`, `debian`, `ubuntu`. */
  id: string;
  /** `VERSION_ID`, null for rolling and unreleased distributions. */
  versionId: string | null;
  /** `VERSION_CODENAME`. */
  codename: string | null;
  prettyName: string | null;
}
