import { describe, expect, it } from 'vitest';
import { SILENT_CONFIG } from '../../test/support/image-config.js';
import { emptyExtraction } from './extractor/extractor.js';
import { buildInventory, inventoryDigest } from './inventory.js';
import type { ImageFacts, LayerFacts } from './layer/layer-facts.js';
import { LayerReader } from './layer/layer-reader.js';
import { overlay } from './layer/overlay.js';
import type { TarEntry } from './layer/tar-reader.js';

const STATUS = 'var/lib/dpkg/status';
const OS = { 'etc/os-release': 'ID=debian\nVERSION_ID=12\n' };

/** No file of these tests is large. */
const NO_SPOOL = {
  write: () => {
    throw new Error('nothing is spooled');
  },
  view: (): never => {
    throw new Error('nothing is spooled');
  },
  clear: () => undefined,
};

const PARTS = { spool: NO_SPOOL, secrets: null };

/** A file's content, the target of a link after an arrow, or null for a folder. */
type Content = string | null;

function layer(files: Record<string, Content>): LayerFacts {
  const entries = Object.entries(files).map(([path, content]) => ({ entry: entryOf(path, content), content }));
  const first = readAll(entries, new LayerReader(PARTS));
  return (first.missed.size === 0 ? first : readAll(entries, new LayerReader(PARTS, first.missed))).end();
}

function readAll(entries: { entry: TarEntry; content: Content }[], reader: LayerReader): LayerReader {
  for (const { entry, content } of entries) {
    if (!reader.entry(entry)) continue;
    reader.data(Buffer.from(content ?? ''));
    reader.endEntry();
  }
  return reader;
}

function entryOf(path: string, content: Content): TarEntry {
  const base = { path, linkName: '', size: 0, sparse: false, mode: 0o644, uid: 0, gid: 0, capabilities: false };
  if (content === null) return { ...base, type: 'directory' };
  if (content.startsWith('-> ')) return { ...base, type: 'symlink', linkName: content.slice(3) };
  if (content.startsWith('= ')) return { ...base, type: 'hardlink', linkName: content.slice(2) };
  return { ...base, type: 'file', size: content.length };
}

function inventory(...layers: Record<string, Content>[]) {
  const facts = layers.map((files, i) => ({ diffId: `L${i}`, facts: layer(files) }));
  return buildInventory({ config: null, layers: facts, gaps: [] }, { lockfiles: false });
}

const names = (...layers: Record<string, Content>[]) =>
  inventory(...layers).packages.map(
    ({ name, version, locations }) => `${name} ${version} ${locations.map(({ layer }) => layer).join()}`,
  );
const gaps = (...layers: Record<string, Content>[]) =>
  inventory(...layers).gaps.map(({ code, subject }) => `${code} ${subject}`);

const deb = (...packages: string[]) =>
  packages.map((p) => `Package: ${p.split('=')[0]}\nVersion: ${p.split('=')[1] ?? '1'}\n`).join('\n');
const json = (name: string, version = '1.0.0') => JSON.stringify({ name, version });
const left = 'app/node_modules/left/package.json';

describe('the packages of layers on top of each other', () => {
  it('come with the layer that brought them, not the one that wrote the database last', () => {
    expect(names({ ...OS, [STATUS]: deb('a', 'b') }, { [STATUS]: deb('a', 'b=2', 'c') })).toEqual([
      'a 1 L0',
      'b 2 L1',
      'c 1 L1',
    ]);
  });

  it('come with the layer that brought them back after they were removed', () => {
    const base = { ...OS, [STATUS]: deb('a', 'b') };
    expect(names(base, { [STATUS]: deb('a') }, { [STATUS]: deb('a', 'b') })).toEqual(['a 1 L0', 'b 1 L2']);
    expect(names({ [left]: json('left') }, { 'app/.wh.node_modules': '' }, { [left]: json('left') })).toEqual([
      'left 1.0.0 L2',
    ]);
  });

  it.each<[string, Record<string, Content>]>([
    ['a whiteout', { 'app/node_modules/left/.wh.package.json': '' }],
    ['a whiteout of a folder above', { '.wh.app': '' }],
    ['an opaque folder', { 'app/node_modules/.wh..wh..opq': '' }],
    ['an opaque root', { '.wh..wh..opq': '' }],
    ['a file in the place of a folder', { 'app/node_modules': 'x' }],
    ['a link in the place of a folder', { app: '-> other' }],
    ['a link in the place of the file', { [left]: '-> nothing' }],
  ])('are gone after %s', (_what, upper) => {
    expect(names({ [left]: json('left'), 'srv/node_modules/kept/package.json': json('kept') }, upper)).toEqual(
      _what === 'an opaque root' ? [] : ['kept 1.0.0 L0'],
    );
  });

  it('stay in spite of whiteouts of other names, and of names that are no whiteout', () => {
    const upper = { '.wh.ap': '', 'app/.wh.': '', 'app/.wh...': '', 'app/.wh..wh.plnk': '', 'app/node_modules': null };
    expect(names({ [left]: json('left') }, upper)).toEqual(['left 1.0.0 L0']);
  });

  it('are those of the same layer as a whiteout, which hides only what is below', () => {
    expect(names({ [left]: json('left') }, { [left]: json('left', '2.0.0'), 'app/.wh..wh..opq': '' })).toEqual([
      'left 2.0.0 L1',
    ]);
  });

  it('are one package where several files name it', () => {
    const [found] = inventory({ [left]: json('left'), 'srv/node_modules/left/package.json': json('left') }).packages;
    expect(found?.locations.map(({ path }) => path)).toEqual([`/${left}`, '/srv/node_modules/left/package.json']);
  });
});

describe('layers that were made to take time', () => {
  const many = (count: number, name: (n: number) => string) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [name(n), json('left')]));

  it('cost each path once, however much the next layer removes', () => {
    const files = many(20_000, (n) => `a/${n}/node_modules/left/package.json`);
    const whiteouts = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`b/.wh.${n}`, '']));
    const [left] = inventory(files, { ...whiteouts, 'a/.wh.7': '' }).packages;
    expect(left?.locations).toHaveLength(19_999);
  });

  it('are told by paths that no system could open', () => {
    const deep = `${'d/'.repeat(10_000)}node_modules/left/package.json`;
    const long = `${'x'.repeat(5_000)}/node_modules/left/package.json`;
    const usual = `${'node_modules/x/'.repeat(40)}node_modules/left/package.json`;
    const found = inventory({ [deep]: json('left'), [long]: json('left'), [usual]: json('left') });
    expect(found.packages[0]?.locations.map(({ path }) => path)).toEqual([`/${usual}`]);
    expect(found.gaps.map(({ code, message }) => `${code} ${message.slice(0, 9)}`)).toEqual([
      'limit_exceeded 2 entries',
    ]);
  });

  it('are given up when they are worse than any real image', () => {
    const facts = layer(many(100, (n) => `${'d/'.repeat(200)}${n}/node_modules/left/package.json`));
    const layers = Array.from({ length: 50 }, () => ({ diffId: 'L', facts }));
    const build = (maxSteps: number) =>
      buildInventory({ config: null, layers, gaps: [] }, { lockfiles: false, maxSteps });
    expect(build(10_000_000).packages).toHaveLength(1);
    expect(() => build(100_000)).toThrow(expect.objectContaining({ code: 'limit_exceeded' }));
  });
});

describe('links', () => {
  it('above a database lead to it', () => {
    const merged = { lib: '-> usr/lib', 'usr/lib/apk/db/installed': 'P:a\nV:1\n' };
    expect(names(merged)).toEqual(['a 1 L0']);
    expect(gaps({ ...merged, 'etc/os-release': 'ID=alpine\nVERSION_ID=3.22.1\n' })).toEqual([]);
  });

  it('of a lower layer are followed where an upper layer writes through them', () => {
    const lower = { ...OS, lib: '-> usr/lib', 'usr/lib/apk/db/installed': 'P:a\nV:1\n' };
    expect(names(lower, { 'lib/apk/db/installed': 'P:b\nV:1\n' })).toEqual(['b 1 L1']);
    expect(names(lower, { 'lib/apk/db/.wh.installed': '' })).toEqual([]);
    expect(names(lower, { lib: null, 'lib/apk/db/installed': 'P:b\nV:1\n' })).toEqual(['a 1 L0', 'b 1 L1']);
  });

  it('that lead to something unread are a gap, those that lead nowhere are none', () => {
    const system = { ...OS, [STATUS]: deb('a') };
    expect(gaps({ ...system, 'var/lib/dpkg/status.d': '-> /opt/status.d' })).toEqual([
      'link_unresolved /var/lib/dpkg/status.d',
    ]);
    expect(gaps({ ...OS, [STATUS]: '-> /opt/status', 'opt/status': deb('a') })).toContain(`link_unresolved /${STATUS}`);
    expect(gaps({ ...OS, [STATUS]: '-> /opt/x/status', 'opt/x': '-> /srv' })).toContain(`link_unresolved /${STATUS}`);
    expect(gaps({ ...system, 'lib/apk/db/installed': '-> nothing' })).toEqual([]);
    expect(gaps({ ...system, lib: '-> lib' })).toContain('link_unresolved /lib/apk/db/installed');
  });

  it('that are hard are the file, whichever of its names is wanted', () => {
    expect(names({ ...OS, 'opt/status': deb('a'), [STATUS]: '= opt/status' })).toEqual(['a 1 L0']);
    expect(names({ [left]: json('left'), 'x/node_modules/left/package.json': `= ${left}` })).toEqual([
      'left 1.0.0 L0,L0',
    ]);
    expect(gaps({ ...OS, [STATUS]: '= opt/missing' })).toContain(`link_unresolved /${STATUS}`);
  });
});

describe('files that a system package owns', () => {
  const requests = 'usr/share/nodejs/node_modules/left/package.json';
  const list = 'var/lib/dpkg/info/node-left.list';
  const system = { ...OS, [STATUS]: deb('node-left'), [list]: `/.\n/usr\n/${requests}\n` };

  it('are not reported as a package of their language too', () => {
    expect(names({ ...system, [requests]: json('left'), [left]: json('left') })).toEqual([
      'node-left 1 L0',
      'left 1.0.0 L0',
    ]);
    expect(inventory({ ...system, [requests]: json('left') }).packages.map(({ type }) => type)).toEqual(['deb']);
  });

  it('are its own in either form of a merged /usr, and by the database of Alpine', () => {
    const bin = 'lib/x/node_modules/left/package.json';
    expect(names({ ...OS, [list]: `/usr/${bin}\n`, [bin]: json('left') })).toEqual([]);
    const apk = 'P:a\nV:1\nF:usr/lib/node_modules/left\nR:package.json\nF:x\nR:y\n';
    expect(names({ 'lib/apk/db/installed': apk, 'usr/lib/node_modules/left/package.json': json('left') })).toEqual([
      'a 1 L0',
    ]);
  });

  it('are reported when another layer put a file in their place', () => {
    expect(names({ ...system, [requests]: json('left') }, { [requests]: json('left', '2.0.0') })).toEqual([
      'node-left 1 L0',
      'left 2.0.0 L1',
    ]);
    // A copy that a change of its attributes made is still the owned one.
    expect(names({ ...system, [requests]: json('left') }, { [requests]: json('left') })).toEqual(['node-left 1 L0']);
  });

  it('leave no gap where they cannot be read, as their package is judged', () => {
    const subjects = (...layers: Record<string, Content>[]) => inventory(...layers).gaps.map(({ subject }) => subject);
    expect(subjects({ ...system, [requests]: '{' })).toEqual([]);
    expect(subjects({ ...system, [requests]: '{' }, { [requests]: '{' })).toEqual([]);
    expect(subjects({ ...system, [requests]: json('left') }, { [requests]: '{' })).toEqual([`/${requests}`]);
    expect(subjects({ ...system, [left]: '{' })).toEqual([`/${left}`]);
    // The database itself may belong to the package manager's package.
    const database = 'lib/apk/db/installed';
    expect(subjects({ ...OS, [database]: 'P:a\nV:1\nF:lib/apk/db\nR:installed\n\nP:b\n' })).toContain(`/${database}`);
  });
});

describe('packages of archives', () => {
  it('are where they lie in the archive, once for each place', () => {
    const found = { type: 'maven', name: 'g:a', version: '1', source: null, architecture: null } as const;
    const packages = ['lib/a.jar', 'lib/b.jar', 'lib/a.jar'].map((inner) => ({
      ...found,
      licenses: [],
      module: null,
      inner,
    }));
    const facts = { ...layer(OS), files: [{ path: 'app.jar', extraction: { ...emptyExtraction(), packages } }] };
    const { packages: merged } = buildInventory(
      { config: null, layers: [{ diffId: 'L0', facts }], gaps: [] },
      { lockfiles: false },
    );
    expect(merged).toEqual([
      {
        ...found,
        licenses: [],
        module: null,
        purl: 'pkg:maven/g/a@1',
        ecosystem: 'Maven',
        locations: ['/app.jar!/lib/a.jar', '/app.jar!/lib/b.jar'].map((path) => ({ path, layer: 'L0' })),
      },
    ]);
  });
});

describe('files that controls ask about', () => {
  const facts = (...layers: Parameters<LayerReader['entry']>[0][][]) =>
    overlay(
      {
        layers: layers.map((entries, i) => {
          const reader = new LayerReader(PARTS);
          for (const entry of entries) if (reader.entry(entry)) reader.endEntry();
          return { diffId: `L${i}`, facts: reader.end() };
        }),
      },
      { lockfiles: false },
    ).notes.map(({ path, traits, layer }) => `${path} ${traits.join()} ${layer}`);
  const file = (path: string, mode: number, more: Partial<TarEntry> = {}) => ({ ...entryOf(path, ''), mode, ...more });
  const folder = (path: string, mode: number) => ({ ...entryOf(path, null), mode });

  it('are those with rights of their own, and those that anyone may change', () => {
    expect(
      facts([
        file('usr/bin/su', 0o4755),
        file('usr/bin/wall', 0o2755),
        file('not/executable', 0o4644),
        file('bin/ping', 0o755, { capabilities: true }),
        file('etc/open', 0o666),
        folder('tmp', 0o1777),
        folder('var/open', 0o777),
        file('etc/passwd', 0o644),
      ]),
    ).toEqual([
      '/usr/bin/su setuid L0',
      '/usr/bin/wall setgid L0',
      '/bin/ping capabilities L0',
      '/etc/open world_writable L0',
      '/var/open world_writable L0',
    ]);
  });

  it('are as the uppermost layer has them', () => {
    const base = [file('su', 0o4755), file('x', 0o4755), folder('d', 0o777), file('d/y', 0o666)];
    expect(facts(base, [file('su', 0o755), { ...entryOf('.wh.x', ''), size: 0 }, folder('d', 0o755)])).toEqual([
      '/d/y world_writable L0',
    ]);
    expect(facts(base, [file('su', 0o6755)])[0]).toBe('/x setuid L0');
    expect(facts(base, [file('d', 0o644)])).toEqual(['/su setuid L0', '/x setuid L0']);
  });
});

describe('the inventory', () => {
  it('names the distribution by the preferred file, and every package by its purl', () => {
    const { distribution, packages } = inventory({
      'usr/lib/os-release': 'ID=other\n',
      ...OS,
      [STATUS]: 'Package: libc6\nArchitecture: amd64\nSource: glibc\nVersion: 2.36-9+deb12u4\n',
    });
    expect(distribution).toMatchObject({ id: 'debian', versionId: '12' });
    expect(packages).toMatchObject([
      { purl: 'pkg:deb/debian/libc6@2.36-9+deb12u4?arch=amd64&distro=debian-12', ecosystem: 'Debian:12' },
    ]);
  });

  it('names a distribution that is older than os-release by the file that says most', () => {
    const centos = { 'etc/redhat-release': '-> centos-release', 'etc/centos-release': 'CentOS release 6.10 (Final)\n' };
    expect(inventory(centos)).toMatchObject({ distribution: { id: 'centos', versionId: '6.10' } });
    const redhat = { 'etc/redhat-release': 'Red Hat Enterprise Linux Server release 6.10 (Santiago)\n' };
    const oracle = { ...redhat, 'etc/oracle-release': 'Oracle Linux Server release 6.10\n' };
    expect(inventory(oracle).distribution?.id).toBe('ol');
    expect(inventory({ ...oracle, ...OS }).distribution?.id).toBe('debian');
    expect(
      gaps({ ...OS, 'etc/system-release': '-> other-release', 'etc/other-release': 'x', [STATUS]: deb('a') }),
    ).toEqual([]);
  });

  it('is never complete where nothing can be said', () => {
    expect(gaps({ 'bin/x': 'binary' })).toEqual(['nothing_recognised /']);
    expect(gaps({ [STATUS]: deb('a') })).toEqual(['distribution_unknown /etc/os-release']);
    expect(gaps({ [STATUS]: deb('a'), 'etc/os-release': 'ID=mint\nPRETTY_NAME=Mint\n' })).toEqual([
      'distribution_unknown Mint',
    ]);
    expect(gaps({ 'node_modules/a/package.json': json('@scope/') })).toContain(
      'file_unparsable /node_modules/a/package.json',
    );
  });

  it('has a digest of what was found, not of how it was read', () => {
    const one = inventory({ ...OS, [STATUS]: deb('a', 'b') });
    const same = inventory({ [STATUS]: deb('b', 'a'), ...OS });
    const other = inventory({ ...OS, [STATUS]: deb('a', 'b=2') });
    expect(inventoryDigest({ ...one, gaps: [] })).toBe(inventoryDigest(same));
    expect(inventoryDigest(one)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(inventoryDigest(other)).not.toBe(inventoryDigest(one));
  });

  it('tells of secrets that a later layer removed or replaced, and of nothing else that it did', () => {
    const base = { 'root/.ssh/id_rsa': 'k', 'root/.netrc': 'n', 'app/.env': 'e', 'usr/sbin/sshd': 's' };
    const top = { 'root/.wh..ssh': '', 'root/.netrc': 'other', 'app/.env': '', 'usr/sbin/.wh.sshd': '' };
    const notes = inventory(base, top).image?.notes.map(({ path, layer, removed }) => [path, layer, removed]);
    expect(notes).toEqual([
      ['/app/.env', 'L0', true],
      ['/root/.netrc', 'L1', false],
      ['/root/.ssh/id_rsa', 'L0', true],
    ]);
  });

  it('counts what package managers left, by layer, also where a later layer removes it', () => {
    const lists = { 'var/lib/apt/lists/a': 'xx', 'var/lib/apt/lists/b': 'xxx', 'var/lib/apt/lists/lock': '' };
    const { image } = inventory(lists, { 'var/lib/apt/.wh.lists': '', 'root/.cache/pip/a/b': 'x' });
    expect(image?.packageCaches).toEqual([
      { path: '/var/lib/apt/lists', files: 2, bytes: 5, layer: 'L0' },
      { path: '/root/.cache/pip', files: 1, bytes: 1, layer: 'L1' },
    ]);
  });

  it('knows users by the uppermost /etc/passwd, and who needs no password', () => {
    const { image } = inventory(
      { 'etc/passwd': 'root:x:0:0::/:\ngone:x:7:7::/:\n', 'etc/shadow': 'root:*::\n' },
      { 'etc/passwd': 'root:x:0:0::/:\napp:x:0:0::/:\nopen::9:9::/:\n', 'etc/shadow': 'root:::\napp:!::\n' },
    );
    expect(image?.accounts).toEqual([
      { name: 'root', uid: 0, passwordless: true },
      { name: 'app', uid: 0, passwordless: false },
      { name: 'open', uid: 9, passwordless: true },
    ]);
    expect(inventory({ ...OS }).image?.accounts).toBeNull();
  });

  it('keeps no value that its name calls secret', () => {
    const env = ['DB_PASSWORD=hunter2', 'PATH=/bin'];
    const facts: ImageFacts = { config: { ...SILENT_CONFIG, env }, layers: [], gaps: [] };
    expect(buildInventory(facts, { lockfiles: false }).image?.config?.env).toEqual([
      'DB_PASSWORD=[redacted]',
      'PATH=/bin',
    ]);
  });
});
