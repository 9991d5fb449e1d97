import { describe, expect, it } from 'vitest';
import { bind, container, engine, hostFacts, network } from '../../../test/support/host-facts.js';
import fc from '../../../test/support/property.js';
import { PlimsollError } from '../../model/error.js';
import type { Fact } from '../../model/host/fact.js';
import type { HostFacts } from '../../model/host/host-facts.js';
import { mayBeFacts, readFacts, writeFacts } from './facts-file.js';

const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((each) => each.replaceAll('\0', ''));
const number = fc.nat(4_000_000_000);
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const list = <T>(value: fc.Arbitrary<T>) => fc.array(value, { maxLength: 4 });
const choice = <T extends string>(...values: T[]) => fc.constantFrom(...values);

function fact<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Fact<T>> {
  return fc.oneof(
    fc.record({ known: fc.constant(true as const), value, gaps: list(text) }),
    fc.record({
      known: fc.constant(false as const),
      code: choice('not_permitted', 'not_collected', 'not_present', 'unreadable', 'limit_exceeded'),
      reason: text,
    }),
  );
}

const distribution = { id: 'debian', versionId: '12', codename: 'bookworm', prettyName: null };
const anyFacts: fc.Arbitrary<HostFacts> = fc.record({
  version: fc.constant(1 as const),
  collectedBy: list(text),
  collectedAt: fc
    .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  hostname: fact(text),
  distribution: fc.constant({ known: true as const, value: distribution, gaps: [] }),
  kernel: fact(
    fc.record({
      release: text,
      version: text,
      machine: text,
      parameters: list(text),
      cgroupVersion: orNull(fc.constantFrom(1 as const, 2 as const, 'hybrid' as const)),
      securityModules: orNull(list(text)),
      selinux: orNull(choice('enforcing', 'permissive', 'disabled')),
      apparmor: orNull(fc.boolean()),
      rebootFor: orNull(text),
    }),
  ),
  sysctl: fact(fc.dictionary(fc.stringMatching(/^[a-z.]{1,20}$/), text, { maxKeys: 5, noNullPrototype: true })),
  modules: fact(list(text)),
  mounts: fact(
    list(
      fc.record({
        mountPoint: text,
        root: text,
        type: text,
        source: text,
        options: list(text),
        propagation: choice('shared', 'slave', 'private', 'unbindable'),
        encrypted: orNull(fc.boolean()),
      }),
    ),
  ),
  accounts: fact(
    list(
      fc.record({
        name: text,
        uid: number,
        gid: number,
        home: text,
        shell: text,
        password: choice('none', 'locked', 'set', 'unknown'),
        hash: orNull(choice('yescrypt', 'gost-yescrypt', 'sha512', 'des')),
        maxAge: orNull(fc.nat()),
        minAge: orNull(fc.nat()),
        warnAge: orNull(fc.nat()),
        inactive: orNull(fc.nat()),
        lastChange: orNull(fc.nat()),
      }),
    ),
  ),
  groups: fact(list(fc.record({ name: text, gid: number, members: list(text) }))),
  files: fact(
    list(
      fc.record({
        path: text,
        type: choice('file', 'directory', 'link', 'socket', 'device', 'other'),
        mode: fc.nat(0o7777),
        uid: number,
        gid: number,
        owner: orNull(text),
        group: orNull(text),
        size: fc.maxSafeNat(),
        target: orNull(text),
        text: orNull(text),
      }),
    ),
  ),
  privilegedFiles: fact(
    list(
      fc.record({
        path: text,
        type: choice('file', 'directory'),
        mode: fc.nat(0o7777),
        uid: number,
        gid: number,
        traits: fc
          .subarray(['setuid', 'setgid', 'world_writable', 'unowned', 'ungrouped', 'capabilities'] as const)
          .map((traits) => [...traits]),
      }),
    ),
  ),
  processes: fact(
    list(
      fc.record({
        pid: fc.nat(),
        parent: fc.nat(),
        uid: number,
        executable: orNull(text),
        command: list(text),
        container: orNull(text),
        capabilities: orNull(list(text)),
        seccomp: orNull(fc.boolean()),
        noNewPrivileges: orNull(fc.boolean()),
      }),
    ),
  ),
  sockets: fact(
    list(
      fc.record({
        protocol: choice('tcp', 'udp'),
        address: text,
        port: fc.nat(65_535),
        pid: orNull(fc.nat()),
        program: orNull(text),
      }),
    ),
  ),
  firewall: fact(
    fc.record({
      chains: list(
        fc.record({
          family: choice('ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'),
          table: text,
          name: text,
          hook: orNull(text),
          policy: orNull(choice('accept', 'drop')),
          rules: list(text),
        }),
      ),
      managers: list(text),
    }),
  ),
  auditRules: fact(list(fc.record({ text, origin: text }))),
  packages: fact(
    fc.constant([
      {
        ...{ type: 'deb' as const, name: 'adduser', version: '3.134', architecture: 'all', licenses: [], module: null },
        ...{ source: { name: 'adduser', version: '3.134' }, ecosystem: 'Debian:12' },
        purl: 'pkg:deb/debian/adduser@3.134?arch=all&distro=debian-12',
        locations: [{ path: '/var/lib/dpkg/status', layer: null }],
      },
    ]),
  ),
  engine: fact(
    fc.constantFrom(
      engine([], []),
      engine([container('a', { on: ['n'], mounts: [bind('/etc')], labels: { x: 'y' } })], [network('n')]),
    ),
  ),
  logMatches: fact(
    list(
      fc.record({
        ruleId: text,
        title: text,
        severity: choice('critical', 'high', 'medium', 'low'),
        containerId: text,
        containerName: text,
        count: fc.nat(),
        firstAt: orNull(text),
        lastAt: orNull(text),
        excerpt: text,
      }),
    ),
  ),
});

const FILE = JSON.parse(writeFacts(hostFacts()));
const read = (value: unknown) =>
  readFacts(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), 'facts.json');

function refusal(value: unknown): string {
  try {
    read(value);
    return 'none';
  } catch (error) {
    return error instanceof PlimsollError ? `${error.code}: ${error.message}` : String(error);
  }
}

describe('a facts file', () => {
  it('gives the facts that it was written from', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const written = writeFacts(facts);
        expect(mayBeFacts(Buffer.from(written))).toBe(true);
        const again = read(written);
        expect(again).toEqual(facts);
      }),
      { numRuns: 200 },
    );
  });

  it('is stored whatever names files have', () => {
    const files = { known: true as const, gaps: ['a\0b \ud800'], value: [] };
    expect(read(writeFacts(hostFacts({ files }))).files).toEqual({ known: true, gaps: ['ab \ufffd'], value: [] });
  });

  it('may have more than is known', () => {
    const facts = read({ ...FILE, later: 1, kernel: { ...FILE.kernel, later: [] } });
    expect(facts).toEqual(hostFacts());
  });

  it('names packages by itself', () => {
    const forged = {
      ...{ type: 'deb', name: 'openssl', version: '1.0', architecture: 'amd64', licenses: [], module: null },
      ...{ source: null, purl: 'pkg:deb/debian/other@9', ecosystem: 'Alpine:v3.20', locations: [] },
    };
    const known = (value: unknown) => ({ known: true, value, gaps: [] });
    const { packages } = read({ ...FILE, distribution: known(distribution), packages: known([forged, forged]) });
    expect(packages.known && packages.value.map(({ purl, ecosystem }) => [purl, ecosystem])).toEqual([
      ['pkg:deb/debian/openssl@1.0?arch=amd64&distro=debian-12', 'Debian:12'],
    ]);
  });

  const unknown = { known: false, code: 'not_present', reason: '' };
  it.each<[string, unknown, RegExp]>([
    ['no JSON', 'hello', /expected JSON/],
    ['a half', JSON.stringify(FILE).slice(0, 200), /expected JSON/],
    ['another JSON', { a: 1 }, /expected a JSON object with "plimsollHostFacts"/],
    ['a list', [], /expected a JSON object with "plimsollHostFacts"/],
    ['null', 'null', /expected a JSON object with "plimsollHostFacts"/],
    ['a version that is none', { ...FILE, plimsollHostFacts: '1' }, /expected a JSON object/],
    ['a newer one', { ...FILE, plimsollHostFacts: 2 }, /form 2 .* up to 1: update the service/],
    ['a kind that is not there', { ...FILE, mounts: undefined }, /mounts: /],
    ['an unknown code', { ...FILE, mounts: { ...unknown, code: 'x' } }, /mounts\.code: /],
    ['a wrong type', { ...FILE, modules: { known: true, value: [1], gaps: [] } }, /modules\.value\.0: .*string/],
    [
      'a hash of a password',
      { ...FILE, accounts: { known: true, gaps: [], value: [{ hash: '$6$a$b' }] } },
      /accounts\.value\.0\./,
    ],
    ['NUL', { ...FILE, hostname: { known: true, value: 'a\0b', gaps: [] } }, /hostname\.value: expected no NUL/],
    [
      'half a character',
      `${JSON.stringify({ ...FILE, hostname: { known: true, value: 'X', gaps: [] } }).replace('"X"', '"\\ud800"')}`,
      /hostname\.value: expected no NUL/,
    ],
    ['a long text', { ...FILE, hostname: { known: true, value: 'a'.repeat(2_000), gaps: [] } }, /hostname\.value: /],
    [
      'a long list',
      { ...FILE, modules: { known: true, value: Array(20_000).fill('a'), gaps: [] } },
      /modules\.value: /,
    ],
    ['a number that is none', JSON.stringify(FILE).replace('"collectedAt":"', '"collectedAt":"x'), /collectedAt: /],
    ['a prototype', JSON.stringify(FILE).replace('{', '{"x":{"\\u005f_proto__":{"known":true}},'), /a key "__proto__"/],
    ['depth', `{"plimsollHostFacts":1,"x":${'['.repeat(100_000)}`, /nested more than 100 deep/],
    ['many values', `{"plimsollHostFacts":1,"x":[${'0,'.repeat(4_000_001)}0]}`, /more than 4000000 values/],
  ])('is refused with %s, by its first fault', (_, value, message) => {
    expect(refusal(value)).toMatch(/^facts_invalid: facts\.json /);
    expect(refusal(value)).toMatch(message);
  });

  it('is refused or read whatever bytes are changed', () => {
    const whole = Buffer.from(writeFacts(hostFacts({ hostname: { known: true, value: 'web-1', gaps: [] } })));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Buffer.from(whole);
        damaged[at] = byte;
        try {
          expect(readFacts(damaged, 'f').version).toBe(1);
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
