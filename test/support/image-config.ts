import type { ImageConfig } from '../../src/model/image-config.js';

/** A configuration that says nothing. */
export const SILENT_CONFIG: ImageConfig = {
  architecture: null,
  os: null,
  variant: null,
  created: null,
  author: null,
  user: '',
  env: [],
  exposedPorts: [],
  volumes: [],
  entrypoint: null,
  cmd: null,
  workingDir: '',
  labels: {},
  stopSignal: null,
  shell: null,
  healthcheck: null,
  diffIds: [],
  history: [],
};
