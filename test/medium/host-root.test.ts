import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, lchown, mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, machine, release, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/host/fact.js';
import type { HostFacts } from '../../src/model/host/host-facts.js';
import { LayerWorkers } from '../../src/source/archive/layer-workers.js';
import { readFacts, writeFacts } from '../../src/source/host/facts-file.js';
import { readFactsFile } from '../../src/source/host/read-facts-file.js';
import { readHostRoot } from '../../src/source/host/root/read-host-root.js';
import { writeFiles } from '../support/image.js';

const IMAGES = resolve('..', 'shared', 'data', 'images');
const JAMMY = join(IMAGES, 'ubuntu-jammy-release.tar.gz');
const isThere = existsSync(JAMMY);
if (!isThere) console.info(`skipped: the root of Ubuntu 22.04 is not in ${IMAGES}`);
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.info('skipped in part: device nodes and owners need root');

let workers: LayerWorkers;
let folder: string;

beforeAll(async () => {
  workers = new LayerWorkers();
  folder = await realpath(await mkdtemp(join(tmpdir(), 'plimsoll-host-')));
});
afterAll(async () => {
  await workers.close();
  await rm(folder, { recursive: true, force: true });
});

const read = (root: string, of: Partial<Parameters<typeof readHostRoot>[0]> = {}) =>
  readHostRoot({
    folder: root,
    workers,
    tempDir: folder,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    now: new Date('2026-01-01T00:00:00Z'),
    ...of,
  });

function known<T>(fact: Fact<T>): T {
  if (!fact.known) throw new Error(`${fact.code}: ${fact.reason}`);
  return fact.value;
}
const gapsOf = (fact: Fact<unknown>) => (fact.known ? fact.gaps.join('\n') : `${fact.code}: ${fact.reason}`);

describe.skipIf(process.platform !== 'linux')('the machine itself', () => {
  let facts: HostFacts;
  let port: number;
  const progress: number[] = [];
  const server = createServer();

  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as { port: number }).port;
    facts = await read('/', { maxWalkTime: 15_000, onProgress: (fraction) => progress.push(fraction) });
  });
  afterAll(() => server.close());

  it('is what the operating system says that it is', () => {
    expect(known(facts.hostname)).toBe(hostname());
    expect(known(facts.kernel)).toMatchObject({ release: release(), machine: machine() });
    expect(known(facts.accounts).find(({ uid }) => uid === 0)?.name).toBe('root');
    expect(known(facts.mounts).some(({ mountPoint }) => mountPoint === '/')).toBe(true);
    expect(Object.keys(known(facts.sysctl))).toContain('kernel.randomize_va_space');
    expect(known(facts.files).find(({ path }) => path === '/etc/passwd')).toMatchObject({
      owner: 'root',
      type: 'file',
    });
  });

  it('has this process, and the port that it listens on', () => {
    const own = known(facts.processes).find(({ pid }) => pid === process.pid);
    expect(own).toMatchObject({ parent: process.ppid, uid: process.getuid?.(), executable: process.execPath });
    expect(known(facts.sockets)).toContainEqual({
      ...{ protocol: 'tcp', address: '127.0.0.1', port, pid: process.pid },
      program: expect.any(String),
    });
  });

  it('has the packages that dpkg lists', () => {
    if (!existsSync('/usr/bin/dpkg-query')) return;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the fields are dpkg-query's
    const format = '${db:Status-Abbrev}|${Package} ${Version}\n';
    const listed = execFileSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8' }).split('\n');
    const installed = listed.flatMap((line) => (/^.i/.test(line) ? [line.split('|')[1] ?? ''] : []));
    expect(
      known(facts.packages)
        .map(({ name, version }) => `${name} ${version}`)
        .sort(),
    ).toEqual(installed.sort());
  });

  it('notes programs that run with the rights of others', () => {
    if (!existsSync('/usr/bin/passwd')) return;
    const file = known(facts.privilegedFiles).find(({ path }) => path === '/usr/bin/passwd');
    // Where the walk was cut short before it, that is said.
    if (!file) expect(gapsOf(facts.privilegedFiles)).toContain('were looked at');
    else expect(file).toMatchObject({ uid: 0, traits: ['setuid'] });
  });

  it('is stored and read as a file, and told how far it is', () => {
    expect(readFacts(Buffer.from(writeFacts(facts)), 'facts')).toEqual(facts);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });
});

/** What no fact may hold. */
const SECRETS = {
  hash: '$6$saltsalt$Zm9vYmFyYmF6Zm9vYmFyYmF6',
  token: `ghp_${'Q7w8E9r0T1y2'.repeat(3)}`,
  password: 'correct-horse-battery',
  basic: 'hunter2hunter2',
  key: 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
};

const STATUS = 'Name:\tapp\nPPid:\t1\nUid:\t0\t0\t0\t0\nCapEff:\t0\nSeccomp:\t0\nNoNewPrivs:\t0\n';

const HOST = {
  'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
  'etc/hostname': 'web-1\n',
  'etc/passwd': `root:x:0:0::/root:/bin/sh\nold:${SECRETS.hash}:7:7::/:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n`,
  'etc/shadow': `root:${SECRETS.hash}:19000:0:99999:7:::\nann:!:19000::::::\n`,
  'etc/group': 'root:x:0:\nold:x:7:\nann:x:1000:\n',
  'etc/docker/daemon.json': JSON.stringify({
    'log-opts': { 'splunk-token': SECRETS.password },
    proxies: { 'http-proxy': `http://me:${SECRETS.basic}@proxy:3128` },
    labels: [`token=${SECRETS.token}`],
    icc: false,
  }),
  'etc/default/docker': `export REGISTRY_PASSWORD="${SECRETS.password}"\nDOCKER_OPTS="--icc=false"\n`,
  'etc/sudoers': `# ${SECRETS.token}\nann ALL=(ALL) NOPASSWD: ALL\n`,
  'etc/ssh/sshd_config': `PermitRootLogin no\n-----BEGIN PRIVATE KEY-----\n${SECRETS.key}\n-----END PRIVATE KEY-----\n`,
  'etc/audit/rules.d/docker.rules': '# rules\n-w /etc/docker -p rwxa -k docker\n',
  'var/lib/dpkg/status': 'Package: adduser\nStatus: install ok installed\nArchitecture: all\nVersion: 3.134\n\n',
  'proc/sys/kernel/osrelease': '6.1.0-28-amd64\n',
  'proc/sys/kernel/version': '#1 SMP Debian 6.1.119-1\n',
  'proc/sys/kernel/arch': 'x86_64\n',
  'proc/sys/kernel/randomize_va_space': '2\n',
  'proc/sys/net/ipv4/ip_forward': '1\n',
  'proc/cmdline': `root=/dev/sda1 quiet luks.passphrase=${SECRETS.password} token=${SECRETS.token}\n`,
  'proc/modules': 'overlay 1 0 - Live 0x0\nbr_netfilter 1 0 - Live 0x0\n',
  'proc/1/status': STATUS.replace('PPid:\t1', 'PPid:\t0'),
  'proc/1/cmdline': '/sbin/init\0',
  'proc/1/mountinfo':
    '27 1 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/root rw\n28 27 8:1 / /boot rw - ext4 /dev/sda1 rw\n',
  'proc/1/net/tcp': `head\n   0: 00000000:0947 00000000:0000 0A 0:0 0:0 0 0 0 777 1\n`,
  'proc/1/net/udp': 'head\n',
  'proc/50/status': STATUS,
  'proc/50/cmdline': `/usr/bin/dockerd\0--icc=false\0--log-opt\0splunk-token=${SECRETS.password}\0`,
  'proc/50/cgroup': '0::/system.slice/docker.service\n',
  'proc/51/status': STATUS,
  'proc/51/cmdline': `mysql\0-p${SECRETS.basic}\0--token\0${SECRETS.token}\0`,
  'proc/51/cgroup': `0::/system.slice/docker-${'ab'.repeat(32)}.scope\n`,
  'proc/51/environ': `PASSWORD=${SECRETS.password}\0`,
  'sys/devices/virtual/dm-1/dm/uuid': 'CRYPT-LUKS2-0123-root\n',
  'sys/devices/sda/sda1/dev': '8:1\n',
  'sys/kernel/security/lsm': 'lockdown,yama,apparmor\n',
};

describe('a root that is mounted', () => {
  let facts: HostFacts;

  beforeAll(async () => {
    const root = join(folder, 'host');
    await writeFiles(root, HOST);
    await mkdir(join(root, 'sys/dev/block'), { recursive: true });
    await symlink('../../devices/virtual/dm-1', join(root, 'sys/dev/block/254:1'));
    await symlink('../../devices/sda/sda1', join(root, 'sys/dev/block/8:1'));
    await mkdir(join(root, 'proc/50/fd'));
    await symlink('socket:[777]', join(root, 'proc/50/fd/3'));
    await symlink('/usr/bin/dockerd', join(root, 'proc/50/exe'));
    await symlink('/etc/ssh/sshd_config', join(root, 'etc/ssh/link.conf'));
    await writeFiles(root, { 'usr/bin/su': '', 'srv/open': '', 'var/lib/docker/x/su': '', 'home/ann/of-nobody': '' });
    await chmod(join(root, 'usr/bin/su'), 0o4755);
    await chmod(join(root, 'var/lib/docker/x/su'), 0o4755);
    await chmod(join(root, 'srv/open'), 0o666);
    await chmod(join(root, 'srv'), 0o777);
    if (isRoot) await lchown(join(root, 'home/ann/of-nobody'), 4242, 4242);
    facts = await read(root);
  });

  it('tells every kind of facts that a root has', () => {
    const unknown = Object.entries(facts).flatMap(([name, fact]) =>
      typeof fact === 'object' && 'known' in fact && (!fact.known || fact.gaps.length > 0) ? [name] : [],
    );
    expect(unknown).toEqual(['firewall', 'engine', 'logMatches']);
    expect(known(facts.hostname)).toBe('web-1');
    expect(known(facts.distribution)).toMatchObject({ id: 'debian', versionId: '12' });
    expect(known(facts.kernel)).toMatchObject({
      ...{ release: '6.1.0-28-amd64', machine: 'x86_64', securityModules: ['lockdown', 'yama', 'apparmor'] },
    });
    expect(known(facts.sysctl)).toMatchObject({ 'kernel.randomize_va_space': '2' });
    expect(known(facts.modules)).toEqual(['br_netfilter', 'overlay']);
    expect(known(facts.mounts).map(({ mountPoint, encrypted }) => [mountPoint, encrypted])).toEqual([
      ['/', true],
      ['/boot', false],
    ]);
    expect(known(facts.accounts).map(({ name, password, hash }) => [name, password, hash])).toEqual([
      ['root', 'set', 'sha512'],
      ['old', 'set', 'sha512'],
      ['ann', 'locked', null],
    ]);
    expect(known(facts.packages).map(({ purl }) => purl)).toEqual([
      'pkg:deb/debian/adduser@3.134?arch=all&distro=debian-12',
    ]);
    expect(known(facts.auditRules)).toEqual([
      { text: '-w /etc/docker -p rwxa -k docker', origin: '/etc/audit/rules.d/docker.rules' },
    ]);
    expect(known(facts.processes).map(({ pid, container }) => [pid, container])).toEqual([
      [1, null],
      [50, null],
      [51, 'ab'.repeat(32)],
    ]);
    expect(known(facts.sockets)).toEqual([
      { protocol: 'tcp', address: '0.0.0.0', port: 2375, pid: 50, program: 'dockerd' },
    ]);
  });

  it('notes files by their attributes, and none in the storage of containers', () => {
    const noted = known(facts.privilegedFiles).filter(({ path }) => !/^\/(?:proc|sys)/.test(path));
    const nobody = isRoot ? [['/home/ann/of-nobody', 'unowned,ungrouped']] : [];
    const expected = [
      ...nobody,
      ['/srv', 'world_writable'],
      ['/srv/open', 'world_writable'],
      ['/usr/bin/su', 'setuid'],
    ];
    const byTrait = noted.map(({ path, traits }) => [
      path,
      traits.filter((trait) => isRoot || !trait.startsWith('un')).join(),
    ]);
    expect(byTrait.filter(([, traits]) => traits !== '')).toEqual(expected);
  });

  it('keeps no secret, and what controls ask for', async () => {
    const text = writeFacts(facts);
    for (const [name, secret] of Object.entries(SECRETS)) expect(text.includes(secret), name).toBe(false);
    const texts = new Map(known(facts.files).map((file) => [file.path, file.text]));
    expect(texts.get('/etc/sudoers')).toContain('ann ALL=(ALL) NOPASSWD: ALL');
    expect(texts.get('/etc/ssh/sshd_config')).toContain('PermitRootLogin no');
    expect(JSON.parse(texts.get('/etc/docker/daemon.json') ?? '')).toMatchObject({ icc: false });
    const path = join(folder, 'facts.json');
    await writeFile(path, text);
    expect(await readFactsFile(path, 'facts.json', workers, new AbortController().signal)).toEqual(facts);
  });
});

describe('a root that was made to be trouble', () => {
  let facts: HostFacts;
  let milliseconds: number;

  beforeAll(async () => {
    const root = join(folder, 'hostile');
    await writeFiles(folder, { 'outside/secret': 'outside', 'outside/passwd': 'eve:x:0:0::/:/bin/sh\n' });
    await writeFiles(root, {
      'etc/group': Array.from({ length: 100_000 }, (_, i) => `g${i}:x:${i}:`).join('\n'),
      'etc/os-release': 'ID=debian\n',
      'etc/sudoers.d/loop': '',
      'etc/sudoers.d/\n\u001b[31m': 'x\0y',
      'proc/1/cmdline': `${'a\0'.repeat(100_000)}`,
      'proc/1/status': 'x'.repeat(200_000),
      'proc/7/status': STATUS,
      'proc/sys/kernel/osrelease': 'x'.repeat(100_000),
      'proc/1/mountinfo': '\\'.repeat(100_000),
      'proc/1/net/tcp': ':'.repeat(100_000),
    });
    const link = (target: string, path: string) => symlink(target, join(root, path));
    await link(join(folder, 'outside/passwd'), 'etc/passwd');
    await link(`../../../../../../../../../../..${join(folder, 'outside/secret')}`, 'etc/sudoers');
    await link('loop2', 'etc/sudoers.d/loop1');
    await link('loop1', 'etc/sudoers.d/loop2');
    await link('/dev/zero', 'proc/7/cmdline');
    await link('/proc/self/root', 'escape');
    await link('/proc/7/fd', 'proc/7/fd');
    await mkdir(join(root, 'etc/ssh'));
    await writeFile(join(root, 'etc/ssh/sshd_config'), '');
    await truncate(join(root, 'etc/ssh/sshd_config'), 2 ** 40);
    await mkdir(join(root, 'etc/docker'));
    execFileSync('mkfifo', [
      join(root, 'etc/shadow'),
      join(root, 'etc/docker/daemon.json'),
      join(root, 'proc/cmdline'),
    ]);
    execFileSync('mkfifo', [join(root, 'proc/modules')]);
    if (isRoot) execFileSync('mknod', [join(root, 'zero'), 'c', '1', '5']);
    if (isRoot) execFileSync('mknod', [join(root, 'etc/crontab'), 'c', '1', '5']);
    let deep = root;
    for (let depth = 0; depth < 200; depth += 1) deep = join(deep, 'd');
    await mkdir(deep, { recursive: true });
    const wide = join(root, 'wide');
    await mkdir(wide);
    execFileSync('sh', ['-c', 'seq 1 50000 | xargs touch'], { cwd: wide });
    execFileSync('sh', ['-c', 'touch "$(printf \'bad\\377\')"'], { cwd: root });
    const started = performance.now();
    facts = await read(root);
    milliseconds = performance.now() - started;
  });

  it('is read in time, and never waited for', () => {
    expect(milliseconds).toBeLessThan(30_000);
    expect(gapsOf(facts.modules)).toBe('unreadable: /proc/modules is no regular file: it was not opened.');
    expect(gapsOf(facts.files)).toContain('/etc/ssh/sshd_config has more than 1048576 bytes');
    expect(known(facts.files).find(({ path }) => path === '/etc/docker/daemon.json')).toMatchObject({
      type: 'other',
      text: null,
    });
  });

  it('leads nowhere outside', () => {
    const text = writeFacts(facts);
    expect(text).not.toContain('outside');
    expect(text).not.toContain('eve');
    // Inside of the root, there is no such file.
    expect(facts.accounts).toMatchObject({ known: false, code: 'not_present' });
    expect(known(facts.files).map(({ path }) => path)).not.toContain('/etc/sudoers');
  });

  it('is bounded, and says what was left out', () => {
    expect(known(facts.groups)).toHaveLength(50_000);
    expect(gapsOf(facts.groups)).toContain('/etc/group has more than is looked at');
    expect(gapsOf(facts.privilegedFiles)).toContain('Folders deeper than 128 are not looked at');
    expect(gapsOf(facts.privilegedFiles)).toContain('names that are no UTF-8');
    expect(gapsOf(facts.processes)).toContain('/proc/1/status has no form that is known');
    expect(gapsOf(facts.files)).toContain('leads round in a circle');
    expect(readFacts(Buffer.from(writeFacts(facts)), 'facts')).toEqual(facts);
  });

  it('is let go of when nobody waits for it any more', async () => {
    const stop = new AbortController();
    const reading = read('/', { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 100);
    await expect(reading).rejects.toThrow('enough');
  });

  it('is refused where it is none', async () => {
    await expect(read(join(folder, 'no'))).rejects.toMatchObject({ code: 'path_not_found' });
    await expect(read(join(folder, 'outside/secret'))).rejects.toMatchObject({ code: 'path_not_found' });
  });
});

describe('a command for hosts that the service cannot reach', () => {
  const collect = (...args: string[]) =>
    spawnSync(process.execPath, ['dist/src/cli/plimsoll.js', 'collect', 'host', ...args], { encoding: 'utf8' });

  it('writes a file of facts, and says what it could not read', () => {
    const { status, stdout, stderr } = collect('--root', join(folder, 'host'), '--no-engine');
    expect(status).toBe(0);
    expect(known(readFacts(Buffer.from(stdout), 'facts').hostname)).toBe('web-1');
    expect(stderr).toMatch(/14 of 17 kinds of facts were collected\. NOT READ/);
    expect(stderr).toMatch(/firewall: .* run plimsoll collect host as root/);
    const output = join(folder, 'collected.json');
    expect(collect('--root', join(folder, 'host'), '--no-engine', '--output', output)).toMatchObject({
      status: 0,
      stdout: '',
    });
    expect(readFacts(readFileSync(output), 'facts').collectedBy).toEqual(['collector']);
  });

  it('ends with 2 for what is wrong with how it was called', () => {
    expect(collect('--root', '/no/such/root', '--no-engine')).toMatchObject({ status: 2, stdout: '' });
    expect(collect('--root', folder, '--docker-host', 'ssh://x')).toMatchObject({ status: 2, stdout: '' });
  });
});

describe.skipIf(!isThere)('the root of Ubuntu 22.04', () => {
  it('has the packages that dpkg lists, none missing and none extra', async () => {
    const root = join(folder, 'jammy');
    await mkdir(root);
    execFileSync('tar', ['-xzf', JAMMY, '-C', root, '--no-same-owner', '--exclude=./dev/*', '--exclude=dev/*']);
    const facts = await read(root);
    const listed = readFileSync(join(IMAGES, 'ubuntu-jammy-release.expected-packages.tsv'), 'utf8').trim().split('\n');
    const found = known(facts.packages).map(({ name, version, architecture, source }) =>
      [name, version, architecture, source?.name, source?.version].join('\t'),
    );
    expect(found.sort()).toEqual(listed.slice(1).sort());
    expect(known(facts.distribution)).toMatchObject({ id: 'ubuntu', versionId: '22.04' });
    expect(facts.processes).toMatchObject({ known: false, code: 'not_collected' });
    expect(facts.kernel).toMatchObject({ known: false, code: 'not_collected' });
    expect(
      known(facts.privilegedFiles)
        .filter(({ traits }) => traits.includes('setuid'))
        .map(({ path }) => path),
    ).toContain('/usr/bin/su');
  });
});
