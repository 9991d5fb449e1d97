import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, lchownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeHostControls } from '../../src/engine/control/host/judge-host-controls.js';
import { LINUX_CONTROLS } from '../../src/engine/control/host/linux/linux-controls.js';
import type { ControlStatus } from '../../src/model/control.js';
import { LayerWorkers } from '../../src/source/archive/layer-workers.js';
import { readHostRoot } from '../../src/source/host/root/read-host-root.js';
import { UNJUDGED } from '../support/host-facts.js';
import { haveParts } from '../support/real-parts.js';
import { OTHER_QUESTIONS, OVERLAPS } from '../support/scap-overlap.js';

const DATA = resolve('..', 'shared', 'data');
const ROOT = join(DATA, 'images', 'ubuntu-jammy-release.tar.gz');
const RESULTS = join(DATA, 'misconfig', 'scap-host', 'ubuntu-jammy.cis-l1-server.expected.tsv');
const GUIDE = '/usr/share/xml/scap/ssg/content/ssg-ubuntu2204-ds.xml';
const RULE = 'xccdf_org.ssgproject.content_rule_';
/** `oscap xccdf eval` ends with it where a rule failed. */
const SOME_FAILED = 2;

const isThere = existsSync(ROOT) && existsSync(RESULTS) && haveParts('the root of Ubuntu 22.04', ['tar'], true);
if (!isThere) console.info(`skipped: the root of Ubuntu 22.04 and OpenSCAP’s results on it are not in ${DATA}`);
const canAsk = isThere && haveParts('asking OpenSCAP', ['oscap']) && existsSync(GUIDE);
if (!canAsk) console.info(`skipped in part: there is no oscap, or no ${GUIDE}`);

/** What OpenSCAP and we say differently of a root, and why that is right. */
type Differences = Record<string, { scap: ScapAnswer; ours: ControlStatus; why: string }>;
type ScapAnswer = 'pass' | 'fail';

const NO_PROC =
  'OpenSCAP reads the files that set it at the next start, we what the kernel has: a root alone tells nothing';
const NO_MOUNTS = 'OpenSCAP takes no mount for no fault, or for one; without /proc we do not know the mounts';
const NO_RUNTIME: Differences = {
  ...Object.fromEntries(
    OVERLAPS.filter(({ control }) => control.startsWith('kernel-')).map(({ control }) => [
      control,
      { scap: 'fail', ours: 'undetermined', why: NO_PROC },
    ]),
  ),
  'mount-options-tmp': { scap: 'fail', ours: 'undetermined', why: NO_MOUNTS },
  'mount-options-dev-shm': { scap: 'pass', ours: 'undetermined', why: NO_MOUNTS },
};
const FOLDERS = 'OpenSCAP looks at files only: two folders of apt’s belong to a number that has no user';

let workers: LayerWorkers;
let folder: string;
beforeAll(async () => {
  workers = new LayerWorkers();
  folder = await realpath(await mkdtemp(join(tmpdir(), 'plimsoll-scap-')));
});
afterAll(async () => {
  await workers?.close();
  await rm(folder, { recursive: true, force: true });
});

function unpack(name: string): Root {
  const root = join(folder, name);
  mkdirSync(root);
  execFileSync('tar', ['-xzf', ROOT, '-C', root, '--numeric-owner', '--exclude=./dev/*']);
  return new Root(root);
}

class Root {
  constructor(readonly folder: string) {}

  write(path: string, text: string, mode: number): this {
    const at = join(this.folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
    chmodSync(at, mode);
    return this;
  }

  append(path: string, text: string): this {
    appendFileSync(join(this.folder, path), text);
    return this;
  }

  mode(mode: number, ...paths: string[]): this {
    for (const path of paths) {
      const at = join(this.folder, path);
      if (!existsSync(at)) mkdirSync(at, { recursive: true });
      chmodSync(at, mode);
    }
    return this;
  }

  owner(uid: number, gid: number, ...paths: string[]): this {
    for (const path of paths) lchownSync(join(this.folder, path), uid, gid);
    return this;
  }

  /** Rules about a program do not apply where its package is not installed. */
  installed(...packages: string[]): this {
    for (const name of packages) {
      this.append(
        '/var/lib/dpkg/status',
        `\nPackage: ${name}\nStatus: install ok installed\nMaintainer: a <a@b>\nArchitecture: amd64\nVersion: 1.0-1\nDescription: x\n`,
      );
    }
    return this;
  }

  async ours(): Promise<Map<string, ControlStatus>> {
    const facts = await readHostRoot({
      folder: this.folder,
      workers,
      tempDir: folder,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      now: new Date('2026-01-01T00:00:00Z'),
    });
    const subject = { facts, now: new Date('2026-01-01T00:00:00Z'), trustedRegistries: null, ...UNJUDGED };
    const { results } = judgeHostControls(LINUX_CONTROLS, subject, (id, error) => {
      throw new Error(`${id} threw`, { cause: error });
    });
    return new Map(results.map(({ id, status }) => [id, status]));
  }

  /** What OpenSCAP says, by rule. */
  scap(): Map<string, string> {
    const args = ['xccdf', 'eval', '--profile', 'xccdf_org.ssgproject.content_profile_cis_level2_server', GUIDE];
    const env = { ...process.env, OSCAP_PROBE_ROOT: this.folder };
    const { stdout, stderr, status } = spawnSync('oscap', args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 });
    if (status !== 0 && status !== SOME_FAILED) throw new Error(`oscap ended with ${status}: ${stderr}`);
    const found = stdout.matchAll(/^Rule\s+(\S+)\s[\s\S]*?^Result\s+(\w+)/gm);
    return new Map([...found].map(([, rule = '', result = '']) => [rule.replace(RULE, ''), result]));
  }
}

/** Where the two do not say the same. A control that does not apply agrees with rules that pass: nothing is wrong. */
function differences(scap: ReadonlyMap<string, string>, ours: ReadonlyMap<string, ControlStatus>) {
  const found: Record<string, { scap: ScapAnswer; ours: ControlStatus | undefined }> = {};
  let compared = 0;
  for (const { control, rules } of OVERLAPS) {
    const answers = rules.filter((rule) => !OTHER_QUESTIONS.has(rule)).map((rule) => scap.get(rule));
    const decided = answers.filter((answer) => answer === 'pass' || answer === 'fail');
    if (decided.length === 0) continue;
    compared += 1;
    const answer = decided.includes('fail') ? 'fail' : 'pass';
    const own = ours.get(control);
    const agree = own === answer || (own === 'not_applicable' && answer === 'pass');
    if (!agree) found[control] = { scap: answer, ours: own };
  }
  // All but passwords, ciphers and codes, of which OpenSCAP asks something else.
  expect(compared).toBe(OVERLAPS.length - 3);
  return found;
}

function without(accepted: Differences) {
  return Object.fromEntries(Object.entries(accepted).map(([control, { scap, ours }]) => [control, { scap, ours }]));
}

const QUOTED = 'OpenSCAP wants the path bare; sudoers(5) lets it stand in quotes';
const LISTED = 'OpenSCAP wants it alone behind Defaults; sudoers(5) lets it stand in a list';
const BY_DEFAULT = 'OpenSCAP wants it said; what OpenSSH does where nothing is said is the same';
const ODD: Differences = {
  'sudo-use-pty': { scap: 'fail', ours: 'pass', why: LISTED },
  'sudo-log-file': { scap: 'fail', ours: 'pass', why: LISTED },
  'sshd-no-host-based-login': { scap: 'fail', ours: 'pass', why: BY_DEFAULT },
  'sshd-no-user-environment': { scap: 'fail', ours: 'pass', why: BY_DEFAULT },
  'sshd-no-root-login': { scap: 'fail', ours: 'pass', why: 'of two lines sshd takes the first: sshd_config(5)' },
  'sshd-log-level': { scap: 'fail', ours: 'pass', why: 'CIS takes VERBOSE as well as INFO; the rule takes INFO alone' },
};

const PROGRAMS = ['openssh-server', 'sudo', 'cron'];
const CRON_FOLDERS = ['hourly', 'daily', 'weekly', 'monthly', 'd'].map((name) => `/etc/cron.${name}`);
const APT_FOLDERS = ['/var/cache/apt/archives/partial', '/var/lib/apt/lists/partial'];

/** Folders of cron and apt are as they should be. */
const locked = (name: string) =>
  unpack(name)
    .installed(...PROGRAMS)
    .owner(0, 0, ...APT_FOLDERS)
    .mode(0o700, ...CRON_FOLDERS);

const kept = () =>
  locked('kept')
    .write('/etc/crontab', '', 0o600)
    .write('/etc/sudoers', 'Defaults use_pty\nDefaults logfile="/var/log/sudo.log"\nroot ALL=(ALL:ALL) ALL\n', 0o440)
    .write('/etc/ssh/ssh_host_rsa_key', 'x', 0o600)
    .write(
      '/etc/ssh/sshd_config',
      'PermitRootLogin no\nPermitEmptyPasswords no\nHostbasedAuthentication no\nIgnoreRhosts yes\nPermitUserEnvironment no\nMaxAuthTries 4\nLogLevel INFO\n',
      0o600,
    );

const spoilt = () =>
  unpack('spoilt')
    .installed(...PROGRAMS)
    .append('/etc/passwd', 'toor:x:0:0::/root:/bin/bash\nsvc:x:500:500::/srv:/bin/bash\n')
    .append('/etc/shadow', 'toor:*:19000:0:99999:7:::\nsvc:$6$abc$def:19000:0:99999:7:::\n')
    .mode(0o666, '/etc/passwd', '/etc/passwd-', '/etc/issue')
    .mode(0o664, '/etc/group')
    .owner(1, 1, '/etc/group', '/etc/shadow', '/etc/gshadow')
    .mode(0o755, ...CRON_FOLDERS)
    .mode(0o777, '/srv/drop')
    .write('/srv/open', 'x', 0o666)
    .write('/srv/lost', 'x', 0o644)
    .owner(4242, 4242, '/srv/lost')
    .write('/etc/crontab', '', 0o644)
    .write('/etc/sudoers', 'root ALL=(ALL:ALL) ALL\n', 0o440)
    .write('/etc/ssh/ssh_host_rsa_key', 'x', 0o644)
    .write(
      '/etc/ssh/sshd_config',
      'PermitRootLogin yes\nPermitEmptyPasswords yes\nHostbasedAuthentication yes\nIgnoreRhosts no\nPermitUserEnvironment yes\nMaxAuthTries 20\nLogLevel QUIET\n',
      0o644,
    );

/** Ways of writing it that are seldom seen. */
const odd = () =>
  locked('odd')
    .append('/etc/passwd', 'a:x:501:501::/:/usr/bin/false\nb:x:502:502::/:/bin/bash\n')
    .append('/etc/shadow', 'a:$6$abc$def:19000:0:99999:7:::\nb:!*:19000:0:99999:7:::\n')
    .mode(0o1777, '/srv/drop')
    .write('/etc/sudoers', 'Defaults env_reset,use_pty, logfile=/var/log/sudo.log\nroot ALL=(ALL:ALL) ALL\n', 0o440)
    .write('/etc/ssh/ssh_host_rsa_key', 'x', 0o640)
    .write(
      '/etc/ssh/sshd_config',
      '#PermitRootLogin yes\npermitrootlogin no\nPermitRootLogin yes\n  PermitEmptyPasswords   no  # never\nIgnoreRhosts yes\nMaxAuthTries 3\nLogLevel VERBOSE\n',
      0o600,
    );

describe.skipIf(!isThere)('controls over Linux, beside OpenSCAP on the same root', () => {
  it('say the same of Ubuntu 22.04 as it was installed', async () => {
    const [, ...rows] = readFileSync(RESULTS, 'utf8').trimEnd().split('\n');
    const scap = new Map(
      rows.map((row) => row.split('\t')).map(([rule = '', result = '']) => [rule.replace(RULE, ''), result]),
    );
    const accepted: Differences = {
      ...NO_RUNTIME,
      'host-owned-files': { scap: 'pass', ours: 'fail', why: FOLDERS },
      'sudo-use-pty': { scap: 'fail', ours: 'not_applicable', why: 'there is no sudo' },
      'sudo-log-file': { scap: 'fail', ours: 'not_applicable', why: 'there is no sudo' },
    };
    expect(differences(scap, await unpack('jammy').ours())).toEqual(without(accepted));
  });

  it.skipIf(!canAsk).each<[string, () => Root, Differences]>([
    ['a root that is well kept', kept, { 'sudo-log-file': { scap: 'fail', ours: 'pass', why: QUOTED } }],
    ['a root that was spoilt', spoilt, {}],
    ['a root whose files are written in odd ways', odd, ODD],
  ])('say the same of %s', async (_, make, accepted) => {
    const root = make();
    const scap = root.scap();
    expect(differences(scap, await root.ours())).toEqual(without({ ...NO_RUNTIME, ...accepted }));
  });
});
