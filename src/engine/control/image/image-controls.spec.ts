import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SILENT_CONFIG } from '../../../../test/support/image-config.js';
import type { ControlResult, ControlStatus } from '../../../model/control.js';
import type { CoverageItem } from '../../../model/coverage.js';
import type { ImageConfig } from '../../../model/image-config.js';
import type { FileNote, ImageFileFacts } from '../../../model/inventory.js';
import type { Package } from '../../../model/package.js';
import { REDACTED } from '../../secret/config-secrets.js';
import { judgeControls } from '../control.js';
import { controlsDocument } from '../control-docs.js';
import { findingsOfFailures } from '../failure-finding.js';
import { IMAGE_CONTROLS } from './image-controls.js';
import { imageNameOf } from './image-name.js';
import type { ImageSubject } from './image-subject.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const LAYER = 'sha256:aa';

const CONFIG: ImageConfig = {
  ...SILENT_CONFIG,
  os: 'linux',
  created: '2026-11-01T00:00:00Z',
  user: '10001',
  env: ['PATH=/usr/bin'],
  exposedPorts: ['8080/tcp'],
  healthcheck: { test: ['CMD-SHELL', 'true'] },
  history: steps(
    '/bin/sh -c #(nop) ADD file:0a in / ',
    'RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit',
    'COPY . /app # buildkit',
  ),
};

/** Of an image that every control passes, or need not judge. */
const IMAGE: ImageFileFacts = {
  config: CONFIG,
  notes: [note('/etc/shadow', ['password_hashes'], 0o640)],
  accounts: [
    { name: 'root', uid: 0, passwordless: false },
    { name: 'app', uid: 1000, passwordless: false },
    { name: 'toor', uid: 0, passwordless: false },
  ].slice(0, 2),
  packageCaches: [],
  secrets: [],
};

function steps(...texts: (string | null)[]): ImageConfig['history'] {
  return texts.map((createdBy) => ({
    created: null,
    createdBy,
    comment: null,
    emptyLayer: !/^(RUN|COPY|ADD|\||\/bin\/sh -c (?!#)|\/bin\/sh -c #\(nop\) ADD)/.test(createdBy ?? ''),
  }));
}

function note(path: string, traits: FileNote['traits'], mode = 0o755, removed = false): FileNote {
  return { path, type: 'file', mode, uid: 0, gid: 0, size: 10, traits, layer: LAYER, removed };
}

function system(name: string): Package {
  const purl = `pkg:deb/debian/${name}@1`;
  const locations = [{ path: '/var/lib/dpkg/status', layer: LAYER }];
  const found = {
    type: 'deb' as const,
    name,
    version: '1',
    source: null,
    architecture: null,
    licenses: [],
    module: null,
  };
  return { ...found, purl, ecosystem: 'Debian:12', locations };
}

function subject(image: Partial<ImageFileFacts> | null, more: Partial<ImageSubject> = {}): ImageSubject {
  return {
    inventory: {
      distribution: null,
      packages: [system('bash')],
      image: image && { ...IMAGE, ...image },
      gaps: [],
    },
    name: null,
    now: NOW,
    trustedRegistries: ['docker.io', 'ghcr.io/team'],
    maxAgeDays: 90,
    support: {
      status: 'supported',
      release: 'Debian 12',
      product: 'debian',
      cycle: '12',
      endedOn: null,
      canBeBought: false,
      reason: 'Debian 12 is supported.',
    },
    unpatched: [],
    unmatched: null,
    ...more,
  };
}

function judge(of: ImageSubject, gaps: CoverageItem[] = []): ControlResult[] {
  return judgeControls(IMAGE_CONTROLS, of, gaps, (id, error) => {
    throw new Error(`${id} threw`, { cause: error });
  });
}

function resultOf(id: string, of: ImageSubject, gaps: CoverageItem[] = []): ControlResult {
  const result = judge(of, gaps).find((one) => one.id === id);
  if (!result) throw new Error(`no control ${id}`);
  return result;
}

const config = (more: Partial<ImageConfig>, accounts = IMAGE.accounts) =>
  subject({ config: { ...CONFIG, ...more }, accounts });
const history = (...texts: (string | null)[]) => config({ history: steps(...texts) });
const notes = (...list: FileNote[]) => subject({ notes: list });
const named = (
  reference: string,
  trustedRegistries: string[] | null = ['docker.io', 'ghcr.io/team', '*.corp.example'],
) => subject({}, { name: imageNameOf(reference), trustedRegistries });

/** A control's id, what is judged, what it says, and what it shows: `resource path value`. */
type Row = [id: string, what: string, of: ImageSubject, status: ControlStatus, evidence?: string[]];

const ROOT = [{ name: 'root', uid: 0, passwordless: false }];

const ROWS: Row[] = [
  ['non-root-user', 'a number', config({ user: '1000' }), 'pass'],
  ['non-root-user', 'a number and a group', config({ user: '1000:0' }), 'pass'],
  ['non-root-user', 'a name', config({ user: 'app' }), 'pass'],
  ['non-root-user', 'a name without /etc/passwd', config({ user: 'nobody' }, null), 'pass'],
  ['non-root-user', 'a name that nobody has', config({ user: 'ghost' }), 'pass'],
  ['non-root-user', 'no user', config({ user: '' }), 'fail', ['USER  ']],
  ['non-root-user', 'a group alone', config({ user: ':1000' }), 'fail', ['USER  :1000']],
  ...['root', '0', '00', '+0', 'root:root', '0:0', 'root:1000', ' root '].map(
    (user): Row => ['non-root-user', `"${user}"`, config({ user }), 'fail'],
  ),
  ['non-root-user', 'root without /etc/passwd', config({ user: 'root' }, null), 'fail'],
  [
    'non-root-user',
    'another name of root',
    config({ user: 'app' }, [...ROOT, { name: 'app', uid: 0, passwordless: false }]),
    'fail',
    ['USER  app'],
  ],
  ['non-root-user', 'the administrator of Windows', config({ os: 'windows', user: 'ContainerAdministrator' }), 'fail'],
  ['non-root-user', 'a user of Windows', config({ os: 'windows', user: 'ContainerUser' }), 'pass'],
  ['non-root-user', 'no user of Windows', config({ os: 'windows', user: '' }), 'undetermined'],

  ['single-root-account', 'root alone', subject({ accounts: ROOT }), 'pass'],
  [
    'single-root-account',
    'two',
    subject({ accounts: [...ROOT, { name: 'toor', uid: 0, passwordless: false }] }),
    'fail',
    ['user toor /etc/passwd user number 0'],
  ],
  ['single-root-account', 'no /etc/passwd', subject({ accounts: null }), 'not_applicable'],
  ['no-empty-passwords', 'locked ones', subject({ accounts: ROOT }), 'pass'],
  [
    'no-empty-passwords',
    'root without a password',
    subject({ accounts: [{ name: 'root', uid: 0, passwordless: true }] }),
    'fail',
    ['user root /etc/passwd no password'],
  ],

  ['no-secrets-in-environment', 'no secret', config({ env: ['PATH=/bin', 'GPG_KEY=A0', 'A_TOKEN=', 'odd'] }), 'pass'],
  [
    'no-secrets-in-environment',
    'secrets',
    config({ env: ['DB_PASSWORD=hunter2', 'API_KEY=abc', 'TOKEN_FILE=/run/x/y'] }),
    'fail',
    ['ENV DB_PASSWORD  ', 'ENV API_KEY  '],
  ],
  ['no-secrets-in-build-history', 'nothing', history('RUN /bin/sh -c make # buildkit'), 'pass'],
  ['no-secrets-in-build-history', 'no history', history(), 'pass'],
  [
    'no-secrets-in-build-history',
    'a build argument',
    history('ARG NPM_TOKEN', 'RUN |1 NPM_TOKEN=npm_abc /bin/sh -c npm ci # buildkit'),
    'fail',
    ['history 2 RUN  NPM_TOKEN'],
  ],
  [
    'no-secrets-in-build-history',
    'an ARG’s default',
    history('ARG DB_PASSWORD=x1'),
    'fail',
    ['history 1 ARG  DB_PASSWORD'],
  ],
  [
    'no-secrets-in-build-history',
    'a variable that was taken back',
    config({ env: [], history: steps('ENV DB_PASSWORD=x1', 'ENV DB_PASSWORD=') }),
    'fail',
    ['history 1 ENV  DB_PASSWORD'],
  ],
  [
    'no-secrets-in-build-history',
    'a variable that the other control names',
    config({ env: ['DB_PASSWORD=x1'], history: steps('ENV DB_PASSWORD=x1') }),
    'pass',
  ],
  [
    'no-secrets-in-build-history',
    'an option, and a URL',
    history('RUN mysql --password=x1', 'RUN git clone https://me:x1@host/a'),
    'fail',
    ['history 1 RUN  password', 'history 2 RUN  URL'],
  ],
  [
    'no-secrets-in-environment',
    'one that only its value gives away',
    config({ env: [`GH=${REDACTED}`] }),
    'fail',
    ['ENV GH  '],
  ],
  [
    'no-secrets-in-build-history',
    'steps that were not kept',
    history(`RUN ${REDACTED}`, REDACTED),
    'fail',
    ['history 1 RUN  a secret', 'history 2  a secret'],
  ],
  [
    'no-secrets-in-files',
    'a secret of the configuration',
    subject({
      secrets: [{ ruleId: 'github-pat', path: 'config.Env.GH', line: 1, layer: null, hint: 'ghp…', hash: '0' }],
    }),
    'pass',
  ],
  ['verified-packages', 'a step that was not kept', history('RUN a', `RUN ${REDACTED}`), 'undetermined'],
  ['verified-packages', 'one beside a failure', history('RUN curl -k x', `RUN ${REDACTED}`), 'fail'],
  ['no-remote-add', 'a variable that was not kept', history('RUN a', `ENV ${REDACTED}`), 'pass'],
  [
    'no-secrets-in-files',
    'a secret',
    subject({ secrets: [{ ruleId: 'github-pat', path: '/a', line: 3, layer: LAYER, hint: 'ghp…', hash: '0' }] }),
    'fail',
    ['sha256:aa /a github-pat, line 3'],
  ],
  ['no-secrets-in-files', 'none', subject({}), 'pass'],
  ['no-secrets-in-files', 'no search', subject({ secrets: null }), 'undetermined'],

  ['no-private-keys', 'none', subject({}), 'pass'],
  [
    'no-private-keys',
    'one that a later layer removed',
    notes(note('/root/.ssh/id_rsa', ['private_key'], 0o600, true)),
    'fail',
    ['sha256:aa /root/.ssh/id_rsa 10 bytes, removed by a later layer'],
  ],
  ['no-credential-files', 'none', subject({}), 'pass'],
  ['no-credential-files', 'one', notes(note('/app/.env', ['credentials'])), 'fail', ['sha256:aa /app/.env 10 bytes']],
  [
    'no-credential-files',
    'perhaps one',
    notes(note('/app/.npmrc', ['possible_credentials'])),
    'manual',
    ['sha256:aa /app/.npmrc 10 bytes'],
  ],
  ['no-leftovers', 'a shell’s history', notes(note('/root/.bash_history', ['leftover'])), 'fail'],
  ['no-leftovers', 'none', subject({}), 'pass'],

  ['no-setuid-files', 'none', subject({}), 'pass'],
  ['no-setuid-files', 'su', notes(note('/bin/su', ['setuid'], 0o4755)), 'fail', ['sha256:aa /bin/su 4755 0:0']],
  ['no-setuid-files', 'one that was removed', notes(note('/bin/su', ['setuid'], 0o4755, true)), 'pass'],
  ['no-file-capabilities', 'ping', notes(note('/bin/ping', ['capabilities'])), 'fail'],
  ['no-file-capabilities', 'none', subject({}), 'pass'],
  ['no-file-capabilities', 'none of a root file system', subject({ config: null }), 'undetermined'],
  [
    'no-world-writable-files',
    'one',
    notes(note('/app', ['world_writable'], 0o777)),
    'fail',
    ['sha256:aa /app 0777 0:0'],
  ],
  ['no-world-writable-files', 'none', subject({}), 'pass'],
  ['password-hashes-protected', 'protected', notes(note('/etc/shadow', ['password_hashes'], 0o640)), 'pass'],
  ['password-hashes-protected', 'open', notes(note('/etc/shadow', ['password_hashes'], 0o644)), 'fail'],

  ['pinned-tag', 'a version', named('docker://alpine:3.20'), 'pass'],
  ['pinned-tag', 'a digest', named(`docker://alpine@sha256:${'a'.repeat(64)}`), 'pass'],
  ['pinned-tag', 'latest', named('docker://alpine:latest'), 'fail', ['docker.io/library/alpine  latest']],
  ['pinned-tag', 'no tag', named('docker://ghcr.io/team/app'), 'fail'],
  ['pinned-tag', 'an engine’s image', named('docker-daemon:app:latest'), 'fail'],
  ['pinned-tag', 'an id', named(`docker-daemon:sha256:${'a'.repeat(64)}`), 'not_applicable'],
  ['pinned-tag', 'an archive', named('docker-archive:/a.tar:app:latest'), 'not_applicable'],
  ['trusted-registry', 'a trusted one', named('docker://alpine:3'), 'pass'],
  ['trusted-registry', 'a folder of one', named('docker://ghcr.io/team/app:1'), 'pass'],
  ['trusted-registry', 'a folder that begins the same', named('docker://ghcr.io/teams/app:1'), 'fail'],
  ['trusted-registry', 'a part of a domain', named('docker://a.corp.example/app:1'), 'pass'],
  ['trusted-registry', 'a domain that ends the same', named('docker://evilcorp.example/app:1'), 'fail'],
  ['trusted-registry', 'another', named('docker://quay.io/a/b:1'), 'fail', ['quay.io/a/b  quay.io']],
  ['trusted-registry', 'an archive', named('oci:/srv/a'), 'not_applicable'],
  ['trusted-registry', 'nobody said', named('docker://alpine:3', null), 'manual'],

  ['recent-image', 'new', config({ created: '2026-11-23T00:00:00Z' }), 'pass'],
  ['recent-image', 'the 90th day', config({ created: '2026-08-26T12:00:00Z' }), 'pass'],
  ['recent-image', 'old', config({ created: '2026-08-01T00:00:00Z' }), 'fail', ['created  2026-08-01']],
  ...[
    null,
    '',
    'yesterday',
    '0001-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '1980-01-01T00:00:01Z',
    '2030-01-01T00:00:00Z',
  ].map((created): Row => ['recent-image', `"${created}"`, config({ created }), 'undetermined']),

  ['patches-installed', 'none missing', subject({}), 'pass'],
  [
    'patches-installed',
    'one missing',
    subject({}, { unpatched: [{ purl: 'pkg:deb/debian/a@1', ruleId: 'CVE-1', fixedVersion: '2' }] }),
    'fail',
    ['pkg:deb/debian/a@1  CVE-1, fixed in 2'],
  ],
  ['patches-installed', 'not all matched', subject({}, { unmatched: 'No feed.' }), 'undetermined'],

  ['healthcheck-defined', 'one', subject({}), 'pass'],
  ['healthcheck-defined', 'none', config({ healthcheck: null }), 'fail'],
  ['healthcheck-defined', 'NONE', config({ healthcheck: { test: ['NONE'] } }), 'fail', ['HEALTHCHECK  NONE']],
  ['healthcheck-defined', 'an empty one', config({ healthcheck: { test: [] } }), 'fail'],

  [
    'no-remote-add',
    'a URL',
    history('ADD https://x/a.tgz /a # buildkit'),
    'fail',
    ['history 1 ADD  https://x/a.tgz /a'],
  ],
  ['no-remote-add', 'a repository', history('ADD git@github.com:a/b.git /b # buildkit'), 'fail'],
  ['no-remote-add', 'options, and brackets', history('ADD --chown=1:1 ["http://x/a", "/a"] # buildkit'), 'fail'],
  ['no-remote-add', 'a digest', history('ADD --checksum=sha256:00 https://x/a /a # buildkit'), 'pass'],
  ['no-remote-add', 'a file', history('ADD a.txt /a # buildkit'), 'pass'],
  ['no-remote-add', 'no history', history(), 'undetermined'],
  ['no-remote-add', 'an endless history', history(...Array(20).fill(`RUN ${'a'.repeat(60_000)}`)), 'undetermined'],
  ['no-remote-add', 'another builder’s history', history('bazel build ...', null), 'undetermined'],
  ['copy-not-add', 'a base’s file system', history('/bin/sh -c #(nop) ADD file:0a in / ', 'CMD ["sh"]'), 'pass'],
  ['copy-not-add', 'BuildKit’s base', history('ADD alpine-minirootfs-3.20.3-x86_64.tar.gz / # buildkit'), 'pass'],
  ['copy-not-add', 'a base behind arguments', history('ARG RELEASE', '/bin/sh -c #(nop) ADD file:0a in / '), 'pass'],
  [
    'copy-not-add',
    'a file',
    history('/bin/sh -c #(nop) ADD file:0a in / ', '/bin/sh -c #(nop) ADD file:0b in /app '),
    'fail',
    ['history 2 ADD  file:0b in /app'],
  ],
  ['copy-not-add', 'a folder to the root, later', history('RUN a', 'ADD rootfs / # buildkit'), 'fail'],
  ['copy-not-add', 'an archive', history('RUN a', 'ADD app.tar.gz /app # buildkit'), 'pass'],
  ['copy-not-add', 'a URL, which COPY cannot', history('RUN a', 'ADD https://x/a /a # buildkit'), 'pass'],

  ...(
    [
      ['apt-get update', 'apt-get update'],
      ['apt-get -y -qq update && rm -rf /x', 'apt-get update'],
      ['set -e; apt-get -o A=b update', 'apt-get update'],
      ['apt update', 'apt update'],
      ['apk update', 'apk update'],
      ['apk --no-progress -X http://x update', 'apk update'],
      ['yum makecache', 'yum makecache'],
      ['dnf -y update', 'dnf update'],
      ['zypper refresh', 'zypper refresh'],
      ['pacman -Sy', 'pacman -Sy'],
      ['apt-get install -y a && apt-get update', 'apt-get update'],
      ['apt-get update && pip install x', 'apt-get update'],
    ] as const
  ).map(
    ([run, shown]): Row => [
      'update-with-install',
      run,
      history(`RUN /bin/sh -c ${run} # buildkit`),
      'fail',
      [`history 1 RUN  ${shown}`],
    ],
  ),
  ...[
    'apt-get update && apt-get install -y curl',
    'apt-get update && apt-get upgrade -y',
    'apt-get update \\\n && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl',
    'apk update && apk add curl',
    'apk add --no-cache curl',
    'dnf -y update && dnf -y install curl',
    'pacman -Syu --noconfirm curl',
    'pacman -Sy curl',
    'zypper refresh && zypper in -y curl',
    'update-ca-certificates',
    'echo apt-get updated',
  ].map((run): Row => ['update-with-install', run, history(`RUN /bin/sh -c ${run} # buildkit`), 'pass']),

  ...(
    [
      ['apt-get install -y --allow-unauthenticated a', 'apt-get --allow-unauthenticated'],
      ['apt-get --force-yes install a', 'apt-get --force-yes'],
      ['apk add --allow-untrusted a.apk', 'apk --allow-untrusted'],
      ['rpm -i --nosignature a.rpm', 'rpm --nosignature'],
      ['dnf install -y --nogpgcheck a', 'dnf --nogpgcheck'],
      ['yum install --setopt=sslverify=0 a', 'sslverify=0'],
      ['zypper --no-gpg-checks in a', 'zypper --no-gpg-checks'],
      ['wget --no-check-certificate https://x', 'wget --no-check-certificate'],
      ['curl -k https://x', 'curl -k'],
      ['curl -fsSLk https://x -o y', 'curl -fsSLk'],
      ['curl --insecure https://x', 'curl --insecure'],
      ['pip3 install --trusted-host x y', 'pip3 --trusted-host'],
      ['echo "deb [trusted=yes] http://x ./" > /etc/apt/sources.list', 'trusted=yes'],
      ['npm config set strict-ssl false', 'strict-ssl false'],
      ['git config --global http.sslVerify false', 'http.sslVerify false'],
      ["printf 'gpgcheck = 0' > /etc/yum.repos.d/a.repo", 'gpgcheck = 0'],
    ] as const
  ).map(
    ([run, shown]): Row => [
      'verified-packages',
      run,
      history(`RUN /bin/sh -c ${run} # buildkit`),
      'fail',
      [`history 1 RUN  ${shown}`],
    ],
  ),
  ...[
    'curl -fsSL https://x -o k',
    'curl -o kubectl https://x',
    'apt-get install -y a',
    'gpgcheck=1',
    'dnf install a',
  ].map((run): Row => ['verified-packages', run, history(`RUN /bin/sh -c ${run} # buildkit`), 'pass']),

  ...[
    'curl -fsSL https://deb.nodesource.com/setup_20.x | bash -',
    'curl https://sh.rustup.rs -sSf | sh -s -- -y',
    'curl "https://x/?a=1&b=2" | sudo -E bash',
    'wget -qO- https://x | sh',
    'wget -O - https://x | tee /x | /bin/sh -ex',
    'curl -sS https://bootstrap.pypa.io/get-pip.py | python3',
    'curl -sS https://getcomposer.org/installer | php -- --install-dir=/bin',
    'sh -c "$(curl -fsSL https://x)"',
    'bash <(curl -s https://x)',
    'eval "$(curl -s https://x)"',
  ].map((run): Row => ['no-piped-installers', run, history(`RUN /bin/sh -c ${run} # buildkit`), 'fail']),
  ...[
    'curl -s https://x | tar xz',
    'curl -s https://x | gpg --dearmor > /k',
    'curl -s https://x | python3 -m json.tool',
    'curl -s https://x | python -c "import json"',
    'wget -qO- https://x | sha256sum -c',
    'cat script | sh',
    'V=$(curl -s https://x) && make',
    'curl -o i.sh https://x && echo "00 i.sh" | sha256sum -c && sh i.sh',
  ].map((run): Row => ['no-piped-installers', run, history(`RUN /bin/sh -c ${run} # buildkit`), 'pass']),

  [
    'no-package-caches',
    'apt’s lists',
    subject({ packageCaches: [{ path: '/var/lib/apt/lists', files: 7, bytes: 45_000_000, layer: LAYER }] }),
    'fail',
    ['sha256:aa /var/lib/apt/lists 7 files, 45000000 bytes'],
  ],
  ['no-package-caches', 'none', subject({}), 'pass'],

  ['no-sudo', 'none', subject({}), 'pass'],
  ['no-sudo', 'the program', notes(note('/usr/bin/sudo', ['setuid'], 0o4755)), 'fail', ['sha256:aa /usr/bin/sudo ']],
  [
    'no-sudo',
    'the package',
    { ...subject({}), inventory: { ...subject({}).inventory, packages: [system('sudo')] } },
    'fail',
    ['package sudo /var/lib/dpkg/status 1'],
  ],
  ['no-ssh-server', 'none', subject({}), 'pass'],
  ['no-ssh-server', 'the program', notes(note('/usr/sbin/sshd', ['ssh_server'])), 'fail'],
  ['no-ssh-server', 'one that was removed', notes(note('/usr/sbin/sshd', ['ssh_server'], 0o755, true)), 'pass'],
  ['no-remote-login-ports', '22', config({ exposedPorts: ['22/tcp', '8080/tcp'] }), 'fail', ['EXPOSE  22/tcp']],
  ['no-remote-login-ports', 'others', config({ exposedPorts: ['2222', '80', 'odd', '22-23x', ''] }), 'pass'],
  ['no-privileged-ports', '80', config({ exposedPorts: ['80/tcp', '22', '1024'] }), 'fail', ['EXPOSE  80/tcp']],
  ['no-privileged-ports', 'none', config({ exposedPorts: ['1024/udp', '22'] }), 'pass'],

  ['distribution-supported', 'supported', subject({}), 'pass'],
  ...(['rolling', 'unknown', 'ended'] as const).map(
    (status): Row => [
      'distribution-supported',
      status,
      subject({}, { support: { ...subject({}).support, status, endedOn: '2024-06-30' } }),
      ({ rolling: 'not_applicable', unknown: 'undetermined', ended: 'fail' } as const)[status],
      status === 'ended' ? ['Debian 12 /etc/os-release 2024-06-30'] : [],
    ],
  ),
];

const GAP: CoverageItem = { code: 'layer_missing', subject: 'sha256:bb', message: '' };

describe('the controls over images', () => {
  it.each(ROWS)('%s: %s', (id, _what, of, status, evidence) => {
    const result = resultOf(id, of);
    expect(result.status).toBe(status);
    expect(result.reason).toMatch(/\.$/);
    if (evidence === undefined) return;
    expect(result.evidence.map((piece) => `${piece.resource ?? ''} ${piece.path ?? ''} ${piece.value ?? ''}`)).toEqual(
      evidence,
    );
  });

  it('each have a row that passes and one that fails', () => {
    const without = IMAGE_CONTROLS.flatMap(({ id }) => {
      const statuses = ROWS.filter((row) => row[0] === id).map((row) => row[3]);
      return statuses.includes('pass') && statuses.includes('fail') ? [] : [id];
    });
    expect(without).toEqual([]);
  });

  it('of configuration do not concern a root file system', () => {
    const ids = ['non-root-user', 'healthcheck-defined', 'no-remote-add', 'recent-image', 'no-secrets-in-environment'];
    for (const id of ids) expect(resultOf(id, subject({ config: null })).status).toBe('not_applicable');
  });

  it('of files do not concern a target that was read without them', () => {
    for (const id of ['no-setuid-files', 'no-private-keys', 'no-package-caches', 'no-secrets-in-files']) {
      expect(resultOf(id, subject(null)).status).toBe('not_applicable');
    }
  });

  it('of files that found nothing are undetermined where a layer was not read', () => {
    const results = judge(subject({}), [GAP]);
    const passed = results.filter(({ status }) => status === 'pass').map(({ id }) => id);
    expect(passed.sort()).toEqual([
      'copy-not-add',
      'distribution-supported',
      'healthcheck-defined',
      'no-piped-installers',
      'no-privileged-ports',
      'no-remote-add',
      'no-remote-login-ports',
      'no-secrets-in-build-history',
      'no-secrets-in-environment',
      'non-root-user',
      'recent-image',
      'update-with-install',
      'verified-packages',
    ]);
    expect(resultOf('no-setuid-files', notes(note('/bin/su', ['setuid'])), [GAP]).status).toBe('fail');
    expect(resultOf('no-credential-files', notes(note('/a/.npmrc', ['possible_credentials'])), [GAP])).toMatchObject({
      status: 'undetermined',
      evidence: [{ path: '/a/.npmrc' }],
    });
  });

  it.each([
    ['no-setuid-files', 'limit_exceeded', '/', 'undetermined'],
    ['no-setuid-files', 'path_unreadable', '/root', 'undetermined'],
    ['no-setuid-files', 'file_unparsable', '/lib/apk/db/installed', 'pass'],
    ['no-sudo', 'file_unparsable', '/lib/apk/db/installed', 'undetermined'],
    ['no-sudo', 'advisories_missing', 'Debian:12', 'pass'],
    ['no-secrets-in-files', 'secrets_incomplete', '/x', 'undetermined'],
    ['no-secrets-in-files', 'layer_missing', 'sha256:bb', 'undetermined'],
    ['no-secrets-in-files', 'file_unparsable', '/x', 'pass'],
    ['no-private-keys', 'secrets_incomplete', '/x', 'pass'],
    ['no-sudo', 'nothing_recognised', '/', 'pass'],
    ['non-root-user', 'config_unreadable', 'config.User', 'undetermined'],
    ['non-root-user', 'config_unreadable', 'config.Env', 'pass'],
    ['non-root-user', 'config_unreadable', 'config', 'undetermined'],
    ['non-root-user', 'config_unreadable', 'the configuration', 'undetermined'],
    ['verified-packages', 'config_unreadable', 'history.created_by', 'undetermined'],
    ['recent-image', 'config_unreadable', 'created', 'undetermined'],
    ['recent-image', 'config_unreadable', 'history', 'pass'],
    ['no-setuid-files', 'config_unreadable', 'config.User', 'pass'],
  ] as const)('%s with a gap %s of %s is %s', (id, code, about, status) => {
    expect(resultOf(id, subject({}), [{ code, subject: about, message: '' }]).status).toBe(status);
  });

  it('never show a secret', () => {
    const secret = 'S3CR3T-value';
    const of = config({
      env: [`DB_PASSWORD=${secret}`],
      history: steps(
        `ARG TOKEN=${secret}`,
        `RUN |1 TOKEN=${secret} /bin/sh -c curl -k https://u:${secret}@x | sh # buildkit`,
        `ADD https://u:${secret}@x/y /z # buildkit`,
        `RUN apt-get update --password=${secret}`,
      ),
    });
    expect(JSON.stringify(judge(of))).not.toContain(secret);
  });

  it('never throw, and always bound what they say', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('RUN ', '|3 A=', '/bin/sh -c ', 'ADD ', 'ENV ', '0', ':', 'x'.repeat(5_000)),
    );
    const lists = fc.array(text, { maxLength: 5 });
    const configs = fc.record({
      ...Object.fromEntries(['env', 'exposedPorts', 'volumes'].map((field) => [field, lists])),
      user: text,
      created: fc.option(text),
      os: fc.option(text),
      healthcheck: fc.option(fc.record({ test: lists })),
      history: fc.array(
        fc.record({
          created: fc.constant(null),
          comment: fc.constant(null),
          createdBy: fc.option(text),
          emptyLayer: fc.boolean(),
        }),
        { maxLength: 5 },
      ),
    });
    fc.assert(
      fc.property(configs, (more) => {
        for (const { reason, evidence } of judge(config(more as Partial<ImageConfig>))) {
          expect(reason.length).toBeLessThanOrEqual(1_000);
          for (const piece of evidence) expect(JSON.stringify(piece).isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('that throw are undetermined, and told of', () => {
    const told: string[] = [];
    const [first] = IMAGE_CONTROLS;
    if (!first) throw new Error('there are controls');
    const broken = {
      ...first,
      judge: () => {
        throw new Error('broken');
      },
    };
    const [result] = judgeControls([broken], subject({}), [], (id) => told.push(id));
    expect([result?.status, told]).toEqual(['undetermined', [first.id]]);
  });
});

describe('the findings of failures', () => {
  it('are one for each control, the same over images, and keep what was not decided', () => {
    const two = judge(notes(note('/bin/su', ['setuid']), note('/bin/mount', ['setuid'])));
    const other = judge(notes(note('/usr/bin/passwd', ['setuid'])));
    const finding = (results: ControlResult[]) =>
      findingsOfFailures(IMAGE_CONTROLS, results).judgements.filter(({ ruleId }) => ruleId === 'no-setuid-files');
    expect(finding(two)).toHaveLength(1);
    expect(finding(two)[0]).toMatchObject({
      kind: 'misconfiguration',
      title: 'Programs run with the rights of their owner or group (setuid, setgid)',
      severity: 'medium',
      package: null,
      location: { path: '/bin/su', resource: LAYER },
    });
    expect(finding(other)[0]?.fingerprint).toBe(finding(two)[0]?.fingerprint);
    expect(findingsOfFailures(IMAGE_CONTROLS, judge(subject({}), [GAP])).undecided).toContainEqual({
      kind: 'misconfiguration',
      ruleId: 'no-setuid-files',
    });
  });

  it('leave out what is no property of the image', () => {
    const tagged = named('docker://alpine:latest');
    expect(resultOf('pinned-tag', tagged).status).toBe('fail');
    expect(findingsOfFailures(IMAGE_CONTROLS, judge(tagged))).toEqual({ judgements: [], undecided: [] });
  });

  it('leave out what other engines find', () => {
    const ended = subject({}, { support: { ...subject({}).support, status: 'ended' } });
    expect(resultOf('distribution-supported', ended).status).toBe('fail');
    expect(findingsOfFailures(IMAGE_CONTROLS, judge(ended)).judgements).toEqual([]);
  });
});

describe('the list of controls', () => {
  it('has every file of the folder', () => {
    const source = readFileSync(join(import.meta.dirname, 'image-controls.ts'), 'utf8');
    const missing = readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && name !== 'image-controls.ts')
      .filter((name) => readFileSync(join(import.meta.dirname, name), 'utf8').includes(': ImageControl[] = ['))
      .filter((name) => !source.includes(`./${name.replace('.ts', '.js')}`));
    expect(missing).toEqual([]);
  });

  it('names each once', () => {
    const ids = IMAGE_CONTROLS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(?:-[a-z]+)+$/);
  });

  it('is the one in docs/controls.md', () => {
    expect(readFileSync('docs/controls.md', 'utf8')).toBe(controlsDocument());
  });
});
