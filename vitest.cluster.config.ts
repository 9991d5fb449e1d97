import { defineConfig } from 'vitest/config';

/** A real API server: `KUBE_APISERVER` and `ETCD` name its programs, else they are looked for in the path. */
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
