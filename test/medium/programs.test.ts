import { execFile, execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Extraction } from '../../src/engine/extractor/extractor.js';
import { MemoryFile } from '../../src/engine/extractor/file-view.js';
import { buildInventory } from '../../src/engine/inventory.js';
import { recognise } from '../../src/engine/plugins.js';
import { DigestMemory } from '../../src/source/archive/digest-memory.js';
import { LayerWorkers } from '../../src/source/archive/layer-workers.js';
import { readImage } from '../../src/source/archive/read-image.js';
import { writeFiles } from '../support/image.js';

const run = promisify(execFile);
const ARCHIVES = resolve('..', 'shared', 'data', 'images', 'archives');
const hasArchives = existsSync(ARCHIVES);
if (!hasArchives) console.info(`skipped: the archives of programs and of Java are not in ${ARCHIVES}`);
const hasGo = works('go', ['version']);
if (!hasGo) console.info('skipped: programs that Go builds, as there is no go on the PATH');
const hasUpx = works('upx', ['--version']);
if (!hasUpx) console.info('skipped: programs that UPX packs, as there is no upx on the PATH');

function works(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const extract = (bytes: Buffer): Extraction | undefined =>
  recognise(bytes.subarray(0, 64))?.extract(new MemoryFile('app/run', bytes));
const names = (found: Extraction | undefined) =>
  found?.packages.map(({ name, version }) => `${name} ${version}`).sort();

describe.skipIf(!hasGo)('programs that Go builds', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-go-'));
    await writeFiles(folder, {
      'go.mod':
        'module example.com/app\n\ngo 1.20\n\nrequire example.com/dep v1.0.0\n\nreplace example.com/dep => ./dep\n',
      'main.go':
        'package main\n\nimport "example.com/dep"\n\nvar version = "none"\n\nfunc main() { println(dep.Name, version) }\n',
      'dep/go.mod': 'module example.com/dep\n\ngo 1.20\n',
      'dep/dep.go': 'package dep\n\nconst Name = "dep"\n',
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each<[string, string[], string]>([
    ['plain', [], '(devel)'],
    ['stripped, with a version', ['-ldflags=-s -w -X main.version=v1.2.3'], 'v1.2.3'],
    ['with a version but without its flags', ['-trimpath', '-ldflags=-X main.version=1.2.3'], 'v1.2.3'],
  ])('%s, tell what `go version -m` prints', async (name, flags, version) => {
    const output = join(folder, name.replaceAll(/\W+/g, '-'));
    const env = { ...process.env, GOFLAGS: '', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' };
    await run('go', ['build', '-buildvcs=false', '-o', output, ...flags, '.'], { cwd: folder, env });
    const { stdout } = await run('go', ['version', output], { env });
    const toolchain = /: go(\d\S*)/.exec(stdout)?.[1];
    const found = extract(await readFile(output));
    expect(names(found)).toEqual([`example.com/app ${version}`, 'example.com/dep (devel)', `stdlib ${toolchain}`]);
    expect(found?.gaps).toEqual([]);
  });

  it.skipIf(!hasUpx).each(['linux/amd64', 'linux/arm', 'windows/amd64'])(
    'for %s and UPX packs, say so',
    async (target) => {
      const [GOOS, GOARCH] = target.split('/');
      const output = join(folder, target.replace('/', '-'));
      const env = { ...process.env, GOFLAGS: '', GOTOOLCHAIN: 'local', CGO_ENABLED: '0', GOOS, GOARCH };
      await run('go', ['build', '-buildvcs=false', '-o', output, '.'], { cwd: folder, env });
      await run('upx', ['-q', '-1', output]);
      expect(extract(await readFile(output))).toMatchObject({
        packages: [],
        gaps: [{ message: expect.stringContaining('packed with UPX') }],
      });
    },
  );
});

describe.skipIf(!hasArchives)('archives of programs and of Java', () => {
  let folder: string;
  let workers: LayerWorkers;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-programs-'));
    await mkdir(join(folder, 'tmp'));
    workers = new LayerWorkers();
  });
  afterAll(async () => {
    await workers.close();
    await rm(folder, { recursive: true, force: true });
  });

  const inventory = async (path: string, transport: 'docker-archive' | 'rootfs') => {
    // The data may be reached by a link, which a source does not follow.
    const archive = realpathSync(join(ARCHIVES, path));
    const reference =
      transport === 'rootfs' ? { transport, path: archive } : { transport, path: archive, selector: null };
    const facts = await readImage(reference, {
      cache: { get: async () => new Map(), put: async () => undefined },
      digests: new DigestMemory(),
      workers,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      platform: null,
      secretKey: null,
      maxLayerBytes: 2 ** 30,
      tempDir: join(folder, 'tmp'),
    });
    return buildInventory(facts, { lockfiles: false });
  };
  const places = ({ packages }: Awaited<ReturnType<typeof inventory>>) =>
    packages.flatMap(({ purl, locations }) => locations.map(({ path }) => `${purl} ${path}`));

  it('show the archives that an archive holds and took over', async () => {
    const found = await inventory('docker-archives/docker-save/java-uberjar.tar.gz', 'docker-archive');
    expect(places(found)).toEqual([
      'pkg:maven/com.google.guava/guava@30.1-jre /uberjar.jar!/lib/guava-30.1-jre.jar',
      'pkg:maven/com.google.j2objc/j2objc-annotations@1.3 /j2objc-annotations-1.3.jar',
      'pkg:maven/org.slf4j/jul-to-slf4j@1.7.30 /uberjar.jar',
    ]);
    expect(found.gaps).toEqual([]);
  });

  it('show archives three levels deep', async () => {
    const found = await inventory('docker-archives/docker-save/war-with-3-level-jar.tar.gz', 'docker-archive');
    const war = '/workspace/app/mywar.war';
    expect(places(found)).toEqual(
      expect.arrayContaining([
        `pkg:maven/com.example/demo@0.0.1-SNAPSHOT ${war}`,
        `pkg:maven/org.apache.tomcat.embed/tomcat-embed-core@9.0.63 ${war}!/WEB-INF/lib-provided/tomcat-embed-core-9.0.63.jar`,
        `pkg:maven/com.google.guava/listenablefuture@9999.0-empty-to-avoid-conflict-with-guava ${war}!/WEB-INF/lib/level-3-jar.jar!/level-2-jar.jar!/lib/listenablefuture-9999.0-empty-to-avoid-conflict-with-guava.jar`,
      ]),
    );
    expect(found.gaps).toEqual([]);
  });

  it('show a command of Go itself, for another machine', async () => {
    const bytes = gunzipSync(await readFile(join(ARCHIVES, 'go-binaries', 'stdlib_pack.gz')));
    expect(names(extract(bytes))).toEqual(['stdlib 1.19.1']);
  });

  it('say that nothing can be read of a packed program without section headers', async () => {
    const found = await inventory('extracted-layers/layer_with_bad_elf_file.tar.gz', 'rootfs');
    expect(found.packages).toEqual([]);
    expect(found.gaps).toMatchObject([
      { code: 'nothing_recognised' },
      { code: 'file_unparsable', message: expect.stringContaining('packed with UPX') },
    ]);
  });
});
