import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { buildInventory } from '../../src/engine/inventory.js';
import type { KnownLayer } from '../../src/engine/layer/layer-facts.js';
import { parseImageName } from '../../src/model/image-name.js';
import type { RegistryAccess } from '../../src/model/registry.js';
import { parseAllowedAddress } from '../../src/model/registry-allow.js';
import { LayerWorkers } from '../../src/source/archive/layer-workers.js';
import { AddressGuard } from '../../src/source/registry/address-guard.js';
import { type RegistryOptions, readRegistryImage } from '../../src/source/registry/read-registry-image.js';
import { FakeRegistry, type SeenRequest } from '../support/fake-registry.js';
import { alpine, ociLayout, sha256, tar } from '../support/image.js';
import { readOptions } from '../support/read-options.js';

const SYSTEM = alpine([{ name: 'musl', version: '1.2.5-r0' }], '3.20.3');
export const MIB = 1024 * 1024;

export let tempDir: string;
export let workers: LayerWorkers;
export let registry: FakeRegistry;
export let other: FakeRegistry;
export let known: Map<string, KnownLayer>;
export let access: Map<string, RegistryAccess>;
export let pauses: number[];
export let progress: number[];
export let passedOver: string[];
export let layout: Record<string, Buffer>;
/** The layers as the registry has them, bottom to top. */
export let stored: Buffer[];

/** Two registries for each test of a file, and a folder that it has to leave empty. Called once, by the file. */
export function preparePulls(): void {
  beforeAll(async () => {
    tempDir = await mkdtemp(join(tmpdir(), 'plimsoll-pull-'));
    workers = new LayerWorkers();
    const noise = await tar({ ...SYSTEM, 'usr/lib/noise': randomBytes(3 * MIB) });
    const layers = [noise, await tar({ 'app/node_modules/left/package.json': '{"name":"left","version":"1.0.0"}' })];
    layout = ociLayout(layers);
    stored = layers.map((layer) => gzipSync(layer));
  });
  afterAll(async () => {
    await workers.close();
    await rm(tempDir, { recursive: true });
  });
  beforeEach(async () => {
    registry = await FakeRegistry.start();
    other = await FakeRegistry.start();
    registry.push(layout);
    known = new Map();
    access = new Map();
    for (const { host } of [registry, other]) setAccess(host, {});
    pauses = [];
    progress = [];
    passedOver = [];
  });
  afterEach(async () => {
    expect(await readdir(tempDir)).toEqual([]);
    await registry.close();
    await other.close();
  });
}

/** For a test that has closed the first. */
export async function replaceRegistry(): Promise<void> {
  registry = await FakeRegistry.start();
}

export function setAccess(host: string, more: Partial<RegistryAccess>): void {
  access.set(host, { host, mirrors: [], ca: null, insecure: true, credentials: null, ...more });
}

function options(more: Partial<RegistryOptions> = {}): RegistryOptions {
  return {
    ...readOptions({ workers, tempDir, known, progress }),
    guard: guardOf('127.0.0.1'),
    clock: {
      now: Date.now,
      random: () => 1,
      sleep: async (ms) => {
        pauses.push(ms);
      },
    },
    access: (host) => access.get(host) ?? null,
    onMirrorFailure: (host) => passedOver.push(host),
    ...more,
  };
}

export async function pull(more: Partial<RegistryOptions> = {}, name = `${registry.host}/team/app`) {
  const image = await readRegistryImage(parseImageName(name), options(more));
  const inventory = buildInventory(image, { lockfiles: false });
  return {
    image,
    found: [...inventory.packages.map(({ name: found }) => found), ...inventory.gaps.map(({ code }) => code)],
  };
}

export const found = async (more?: Partial<RegistryOptions>, name?: string) => (await pull(more, name)).found;
export const failure = (pulling: Promise<unknown>) =>
  pulling.then(
    () => ({ code: 'none', message: '' }),
    (error: { code?: string; message?: string }) => ({
      code: error.code ?? String(error),
      message: error.message ?? '',
    }),
  );
export const code = async (pulling: Promise<unknown>) => (await failure(pulling)).code;
export const blobPath = (index: number) => `/v2/team/app/blobs/sha256:${sha256(stored[index] as Buffer)}`;
export const isLayer = ({ path }: SeenRequest) => path === blobPath(0);

export function guardOf(...allowed: string[]): AddressGuard {
  return new AddressGuard(allowed.flatMap((text) => parseAllowedAddress(text) ?? []));
}

export function challenge(response: ServerResponse, header: string): boolean {
  response.writeHead(401, { 'www-authenticate': header, 'content-type': 'application/json' }).end('{"errors":[]}');
  return true;
}

export function bearer({ url }: FakeRegistry): string {
  return `Bearer realm="${url}/token",service="the registry",scope="repository:team/app:pull,push,delete"`;
}
