import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.js';
import { configurationSection } from './config-docs.js';
import { unknownVariables } from './unknown-variables.js';
import { VARIABLES } from './variables.js';

const problemsOf = (env: NodeJS.ProcessEnv): readonly string[] => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      role: 'all',
      dataDir: resolve('.plimsoll'),
      databaseUrl: null,
      redisUrl: null,
      adminToken: null,
      importDirs: [],
      kubeconfigDirs: [],
      kubeconfigExec: false,
      registryAllow: [],
      encryptionKey: null,
      encryptionKeyFile: null,
      dockerHost: { kind: 'unix', path: '/var/run/docker.sock' },
      dockerCertPath: null,
      dockerHosts: [],
      hostRoot: null,
      clusterControls: null,
      scanImagesInUse: 0,
      feeds: null,
      feedIntervalHours: 6,
      feedMaxAgeHours: 168,
      osvSource: 'https://osv-vulnerabilities.storage.googleapis.com',
      osvEcosystems: null,
      endOfLifeSource: 'https://endoflife.date',
      debianSource: 'https://security-tracker.debian.org/tracker',
      alpineSource: 'https://secdb.alpinelinux.org',
      wolfiSource: 'https://packages.wolfi.dev/os',
      chainguardSource: 'https://packages.cgr.dev/chainguard',
      redhatSource: 'https://security.access.redhat.com/data/csaf/v2/vex',
      amazonSource: 'https://cdn.amazonlinux.com',
      oracleSource: 'https://linux.oracle.com/security/oval',
      suseSource: 'https://ftp.suse.com/pub/projects/security/oval',
      rockySource: 'https://dl.rockylinux.org/pub/rocky',
      almalinuxSource: 'https://errata.almalinux.org',
      nvdSource: 'https://services.nvd.nist.gov/rest/json/cves/2.0',
      nvdApiKey: null,
      kevSource: 'https://www.cisa.gov/sites/default/files/feeds',
      epssSource: 'https://epss.empiricalsecurity.com',
      trustedRegistries: null,
      maxImageAgeDays: 90,
      maxUploadBytes: 10 * 2 ** 30,
      uploadTtlHours: 24,
      maxLayerBytes: 16 * 2 ** 30,
      scanConcurrency: 2,
      logLevel: 'info',
      logFormat: 'auto',
      logFile: null,
      environment: 'production',
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ PLIMSOLL_PORT: '', PLIMSOLL_DATABASE_URL: '  ', PLIMSOLL_IMPORT_DIRS: '' })).toEqual(
      loadConfig({}),
    );
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });

  it.each([
    [{ PLIMSOLL_PORT: '0' }, { port: 0 }],
    [{ PLIMSOLL_PORT: 'tcp://10.0.0.7:8080' }, { port: 8080 }],
    [{ PLIMSOLL_IMPORT_DIRS: '/a/../b: /c :' }, { importDirs: ['/b', '/c'] }],
    [{ PLIMSOLL_DATA_DIR: 'x' }, { dataDir: resolve('x') }],
    [{ PLIMSOLL_OSV_SOURCE: 'mirror/osv' }, { osvSource: resolve('mirror/osv') }],
    [{ PLIMSOLL_OSV_SOURCE: 'http://osv.example/x/' }, { osvSource: 'http://osv.example/x' }],
    [{ PLIMSOLL_FEEDS: 'osv, Debian,osv' }, { feeds: ['osv', 'debian'] }],
    [
      { PLIMSOLL_FEED_INTERVAL_HOURS: '0', PLIMSOLL_FEED_MAX_AGE_HOURS: '24' },
      { feedIntervalHours: 0, feedMaxAgeHours: 24 },
    ],
    [{ PLIMSOLL_KEV_SOURCE: 'mirror/kev' }, { kevSource: resolve('mirror/kev') }],
    [{ PLIMSOLL_ENDOFLIFE_SOURCE: 'mirror/eol' }, { endOfLifeSource: resolve('mirror/eol') }],
    [{ PLIMSOLL_TRUSTED_REGISTRIES: 'ghcr.io/team, *.example' }, { trustedRegistries: ['ghcr.io/team', '*.example'] }],
    [{ PLIMSOLL_OSV_ECOSYSTEMS: 'Debian, npm,' }, { osvEcosystems: ['Debian', 'npm'] }],
    [
      {
        PLIMSOLL_REGISTRY_ALLOW:
          'Registry.internal, registry:5000, 10.0.0.7:5000, 192.168.0.0/16, [::1]:5000, fd00::/8',
      },
      {
        registryAllow: [
          { kind: 'host', host: 'registry.internal', port: null },
          { kind: 'host', host: 'registry', port: 5_000 },
          { kind: 'network', address: '10.0.0.7', prefix: 32, family: 'ipv4', port: 5_000 },
          { kind: 'network', address: '192.168.0.0', prefix: 16, family: 'ipv4', port: null },
          { kind: 'network', address: '::1', prefix: 128, family: 'ipv6', port: 5_000 },
          { kind: 'network', address: 'fd00::', prefix: 8, family: 'ipv6', port: null },
        ],
      },
    ],
    [{ PLIMSOLL_ENCRYPTION_KEY: 'ab'.repeat(32) }, { encryptionKey: Buffer.alloc(32, 0xab) }],
    [{ PLIMSOLL_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64') }, { encryptionKey: Buffer.alloc(32, 1) }],
    [
      { PLIMSOLL_ENCRYPTION_KEY: Buffer.alloc(32, 255).toString('base64url') },
      { encryptionKey: Buffer.alloc(32, 255) },
    ],
    [{ PLIMSOLL_DOCKER_HOST: 'tcp://engine:80' }, { dockerHost: { kind: 'tcp', host: 'engine', port: 80 } }],
    [{ PLIMSOLL_DOCKER_HOST: 'tcp://[::1]' }, { dockerHost: { kind: 'tcp', host: '::1', port: 2_376 } }],
    [{ PLIMSOLL_MAX_UPLOAD_BYTES: '512MiB' }, { maxUploadBytes: 536_870_912 }],
    [{ PLIMSOLL_MAX_UPLOAD_BYTES: '1.5 GB' }, { maxUploadBytes: 1_500_000_000 }],
    [{ PLIMSOLL_MAX_UPLOAD_BYTES: '2G' }, { maxUploadBytes: 2_000_000_000 }],
    [{ PLIMSOLL_MAX_LAYER_BYTES: '1000' }, { maxLayerBytes: 1000 }],
    [{ NODE_ENV: 'development' }, { environment: 'development' }],
    [{ NODE_ENV: 'development', PLIMSOLL_ENV: 'production' }, { environment: 'production' }],
    [{ PLIMSOLL_DATABASE_URL: 'postgres://a:b@h/d', PLIMSOLL_ROLE: 'worker' }, { role: 'worker' }],
  ])('reads %j', (env, expected) => {
    expect(loadConfig(env)).toMatchObject(expected);
  });

  it.each([
    ['PLIMSOLL_PORT', '65536'],
    ['PLIMSOLL_PORT', '-1'],
    ['PLIMSOLL_PORT', '80a'],
    ['PLIMSOLL_HOST', 'a b'],
    ['PLIMSOLL_ROLE', 'both'],
    ['PLIMSOLL_DATABASE_URL', 'mysql://h/d'],
    ['PLIMSOLL_REDIS_URL', 'localhost:6379'],
    ['PLIMSOLL_ADMIN_TOKEN', 'fifteen-letters'],
    ['PLIMSOLL_ADMIN_TOKEN', 'with a space in the middle'],
    ['PLIMSOLL_OSV_SOURCE', 'ftp://x/'],
    ['PLIMSOLL_REGISTRY_ALLOW', 'registry.internal,10.0.0.0/33'],
    ['PLIMSOLL_REGISTRY_ALLOW', 'https://registry.internal'],
    ['PLIMSOLL_REGISTRY_ALLOW', 'registry:0'],
    ['PLIMSOLL_REGISTRY_ALLOW', '*'],
    ['PLIMSOLL_ENCRYPTION_KEY', 'short'],
    ['PLIMSOLL_ENCRYPTION_KEY', 'ab'.repeat(16)],
    ['PLIMSOLL_DOCKER_HOST', '/var/run/docker.sock'],
    ['PLIMSOLL_DOCKER_HOST', 'unix://relative.sock'],
    ['PLIMSOLL_DOCKER_HOST', 'tcp://user@engine'],
    ['PLIMSOLL_ENDOFLIFE_SOURCE', 'ftp://x/'],
    ['PLIMSOLL_TRUSTED_REGISTRIES', 'a b?'],
    ['PLIMSOLL_MAX_IMAGE_AGE_DAYS', '0'],
    ['PLIMSOLL_MAX_UPLOAD_BYTES', 'lots'],
    ['PLIMSOLL_MAX_UPLOAD_BYTES', '0'],
    ['PLIMSOLL_UPLOAD_TTL_HOURS', '0'],
    ['PLIMSOLL_SCAN_CONCURRENCY', '65'],
    ['PLIMSOLL_LOG_LEVEL', 'loud'],
    ['PLIMSOLL_ENV', 'test'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(`${name}: expected `)]);
  });

  it('reports every problem at once, and no secret', () => {
    const problems = problemsOf({
      PLIMSOLL_PORT: 'x',
      PLIMSOLL_LOG_FORMAT: 'xml',
      PLIMSOLL_ADMIN_TOKEN: 'hunter2',
      PLIMSOLL_DATABASE_URL: 'hunter2@db',
      PLIMSOLL_ENCRYPTION_KEY: 'hunter2',
    });
    expect(problems).toHaveLength(5);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('refuses two encryption keys', () => {
    const problems = problemsOf({ PLIMSOLL_ENCRYPTION_KEY: 'ab'.repeat(32), PLIMSOLL_ENCRYPTION_KEY_FILE: 'key' });
    expect(problems).toEqual([expect.stringContaining('PLIMSOLL_ENCRYPTION_KEY_FILE')]);
  });

  it('refuses half a service without a database that both halves reach', () => {
    expect(problemsOf({ PLIMSOLL_ROLE: 'worker' })).toEqual([expect.stringContaining('PLIMSOLL_DATABASE_URL')]);
    expect(problemsOf({ PLIMSOLL_ROLE: 'api', PLIMSOLL_DATABASE_URL: 'postgres://h/d' })).toEqual([
      expect.stringContaining('PLIMSOLL_ADMIN_TOKEN'),
    ]);
  });
});

describe('unknownVariables', () => {
  it('names what nothing reads, and what was probably meant', () => {
    expect(unknownVariables({ PLIMSOLL_IMPORT_DIR: '/x', PLIMSOLL_COLOUR_OF_THE_SEA: 'blue', OTHER: '' })).toEqual([
      'PLIMSOLL_COLOUR_OF_THE_SEA is not a variable of Plimsoll and changes nothing.',
      'PLIMSOLL_IMPORT_DIR is not a variable of Plimsoll and changes nothing: did you mean PLIMSOLL_IMPORT_DIRS?',
    ]);
  });

  it('is silent about known ones, the command’s, and what Kubernetes sets', () => {
    const env = { PLIMSOLL_PORT: '1', PLIMSOLL_URL: 'x', PLIMSOLL_SERVICE_HOST: 'y', PLIMSOLL_PORT_8080_TCP: 'z' };
    expect(unknownVariables(env)).toEqual([]);
  });
});

describe('configurationDocument', () => {
  it('has a row for every variable', () => {
    const document = configurationSection();
    for (const { name } of Object.values(VARIABLES)) expect(document).toContain(`| \`${name}\` |`);
  });
});
