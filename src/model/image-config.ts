/**
 * What an image's configuration says of how it was built and how it runs (OCI image specification, "Image
 * Configuration", with Docker's `Healthcheck` and `Shell`). Untrusted text, cut to bounded lengths.
 */
export interface ImageConfig {
  architecture: string | null;
  os: string | null;
  variant: string | null;
  /** RFC 3339 as written; null when absent. */
  created: string | null;
  author: string | null;
  /** `user[:group]`, names or numbers; empty means root. */
  user: string;
  /** `NAME=value` each. */
  env: string[];
  /** `8080/tcp` each. */
  exposedPorts: string[];
  volumes: string[];
  entrypoint: string[] | null;
  cmd: string[] | null;
  workingDir: string;
  labels: Record<string, string>;
  stopSignal: string | null;
  shell: string[] | null;
  /** `test` as Docker writes it: `["CMD-SHELL", "…"]`; `["NONE"]` switches an inherited one off. */
  healthcheck: { test: string[] } | null;
  /** Of the layers, bottom to top. */
  diffIds: string[];
  /** Oldest first. */
  history: ImageHistoryEntry[];
}

/** One instruction of the build. */
export interface ImageHistoryEntry {
  created: string | null;
  createdBy: string | null;
  comment: string | null;
  /** It made no layer. */
  emptyLayer: boolean;
}
