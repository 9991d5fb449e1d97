/** What registries and engines know an image by: `sha256:…` each. */
export interface ImageDigests {
  /** Null where the form has none. */
  manifest: string | null;
  /** Of its configuration, which Docker calls the id of an image; null where it was not checked. */
  configuration: string | null;
  /** Of indexes that it was chosen from for its platform; others of theirs are for other platforms. */
  indexes: string[];
}

export const NO_DIGESTS: ImageDigests = { manifest: null, configuration: null, indexes: [] };
