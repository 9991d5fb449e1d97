import { describe, expect, it } from 'vitest';
import { bind, container, engine, type Joined, network, volume } from '../../../test/support/host-facts.js';
import type { Container, EngineFacts } from '../../model/host/engine.js';
import { controlOverHost } from './host-control.js';
import { isolationGraph } from './isolation-graph.js';
import { missingIsolation } from './missing-isolation.js';
import { waysFrom } from './reach.js';

const published = (hostAddress: string) => ({
  containerPort: 80,
  protocol: 'tcp' as const,
  hostAddress,
  hostPort: 8080,
});

/** Who gets at whom, through networks. */
function reached(facts: EngineFacts, from: string): string[] {
  const ways = waysFrom(isolationGraph(facts), from, (node) => node.startsWith('network/'), ['reaches']);
  return [...ways.keys()].filter((node) => !node.startsWith('network/')).sort();
}

describe('isolationGraph', () => {
  it('joins the containers of one network, and those of no other', () => {
    const facts = engine(
      [container('a', { on: ['front'] }), container('b', { on: ['front', 'back'] }), container('c', { on: ['back'] })],
      [network('front'), network('back', { internal: true })],
    );
    expect(reached(facts, 'container/a')).toEqual(['container/b', 'host', 'outside']);
    expect(reached(facts, 'container/c')).toEqual(['container/b', 'host']);
  });

  it('keeps containers of a bridge apart where the engine does', () => {
    const bridge = network('bridge', { options: { 'com.docker.network.bridge.enable_icc': 'false' } });
    const facts = engine([container('a', { on: ['bridge'] }), container('b', { on: ['bridge'] })], [bridge]);
    expect(reached(facts, 'container/a')).toEqual(['host', 'outside']);
  });

  it('tells what is published outside from what is on the host alone', () => {
    const facts = engine(
      [
        container('everywhere', { on: ['n'], ports: [published('0.0.0.0')] }),
        container('loopback', { on: ['n'], ports: [published('127.0.0.1')] }),
        container('exposed', { on: ['n'], ports: [{ ...published(''), hostAddress: null, hostPort: null }] }),
      ],
      [network('n')],
    );
    const { edges } = isolationGraph(facts);
    expect(edges.filter(({ from }) => from === 'outside')).toEqual([
      { from: 'outside', to: 'container/everywhere', kind: 'reaches', via: 'tcp 0.0.0.0:8080 → 80' },
    ]);
    expect(edges.filter(({ from }) => from === 'host').map(({ to }) => to)).toEqual(['container/loopback']);
  });

  it('knows that a container in the host’s network, or on macvlan, is open to the outside', () => {
    const facts = engine(
      [
        container('h', { networkMode: 'host' }),
        container('m', { on: ['lan'] }),
        container('none', { networkMode: 'none' }),
      ],
      [network('lan', { driver: 'macvlan' }), network('host', { driver: 'host' }), network('none', { driver: 'null' })],
    );
    expect(reached(facts, 'outside')).toEqual(['container/h', 'container/m']);
  });

  it('shows shared namespaces, and says where the other does not run', () => {
    const facts = engine(
      [
        container('a', { on: ['n'] }),
        container('b', { networkMode: 'container:id-a', pidMode: 'container:id-a' }),
        container('c', { networkMode: 'container:gone' }),
      ],
      [network('n')],
    );
    const graph = isolationGraph(facts);
    expect(graph.edges.filter(({ from, to }) => from === 'container/b' && to === 'container/a')).toEqual([
      { from: 'container/b', to: 'container/a', kind: 'controls', via: 'pid namespace' },
      { from: 'container/b', to: 'container/a', kind: 'reaches', via: 'network namespace' },
    ]);
    expect(graph.gaps).toEqual([expect.stringContaining('c is in the network')]);
  });

  it.each(['id-a', 'a', '0123456789ab'])('knows the other container by %j', (named) => {
    const facts = engine(
      [
        container('a', { id: named === 'a' ? 'id-a' : `${named}${named === 'id-a' ? '' : 'cdef'}` }),
        container('b', { pidMode: `container:${named}` }),
      ],
      [],
    );
    const { edges, gaps } = isolationGraph(facts);
    expect(edges).toContainEqual({ from: 'container/b', to: 'container/a', kind: 'controls', via: 'pid namespace' });
    expect(gaps).toEqual([]);
  });

  it('leaves out what does not run', () => {
    const facts = engine([container('a', { on: ['n'], status: 'exited' })], [network('n')]);
    expect(isolationGraph(facts).nodes.map(({ id }) => id)).toEqual(['host', 'outside']);
  });

  it('grows with containers, not with pairs of them', () => {
    const many = Array.from({ length: 500 }, (_, i) => container(`c${i}`, { on: ['n'] }));
    expect(isolationGraph(engine(many, [network('n')])).edges.length).toBe(500 * 4);
  });
});

describe('controlOverHost', () => {
  it.each<[string, Partial<Container>, string[]]>([
    ['nothing', {}, []],
    ['privileged', { privileged: true }, ['privileged']],
    [
      'the engine’s socket, also read-only',
      { mounts: [bind('/var/run/docker.sock', true)] },
      ['engine socket /var/run/docker.sock'],
    ],
    ['the folder of the socket', { mounts: [bind('/run/', true)] }, ['engine socket in /run']],
    ['the root, read-only', { mounts: [bind('/', true)] }, []],
    ['the root', { mounts: [bind('/')] }, ['writes /']],
    ['the engine’s data', { mounts: [bind('/var/lib/docker/volumes')] }, ['writes /var/lib/docker/volumes']],
    ['a folder of its own', { mounts: [bind('/srv/data')] }, []],
    ['a capability', { capabilitiesAdded: ['CAP_SYS_ADMIN', 'NET_ADMIN'] }, ['capability SYS_ADMIN']],
    ['tracing in its own namespace', { capabilitiesAdded: ['SYS_PTRACE'] }, []],
    ['tracing in the host’s', { capabilitiesAdded: ['SYS_PTRACE'], pidMode: 'host' }, ['capability SYS_PTRACE']],
    ['a disk', { devices: [{ host: '/dev/sda1', container: '/dev/sda1', permissions: 'rwm' }] }, ['device /dev/sda1']],
    ['a rule for disks', { devices: [{ host: 'b 8:*', container: '', permissions: 'rmw' }] }, ['device b 8:*']],
    ['a disk, to read', { devices: [{ host: '/dev/sda', container: '/dev/sda', permissions: 'r' }] }, []],
    ['a sound card', { devices: [{ host: '/dev/snd', container: '/dev/snd', permissions: 'rwm' }] }, []],
  ])('by %s', (_, of, ways) => {
    expect(controlOverHost(container('a', of), engine([], []))).toEqual(ways);
  });
});

describe('missingIsolation', () => {
  const found = (facts: EngineFacts) => missingIsolation(facts, isolationGraph(facts));

  it('finds a way from outside to the host, straight or over another container', () => {
    const facts = engine(
      [
        container('web', { on: ['n'], ports: [published('0.0.0.0')] }),
        container('agent', { on: ['n'], mounts: [bind('/var/run/docker.sock')] }),
        container('alone', { on: ['m'], privileged: true }),
      ],
      [network('n'), network('m')],
    );
    expect(found(facts)).toMatchObject([
      {
        ruleId: 'host-takeover-from-outside',
        severity: 'high',
        resource: 'container/agent',
        steps: [
          'outside reaches container/web: tcp 0.0.0.0:8080 → 80',
          'container/web reaches network/n: n',
          'network/n reaches container/agent: n',
          'container/agent controls host: engine socket /var/run/docker.sock',
        ],
      },
    ]);
    const direct = engine([container('web', { on: ['n'], ports: [published('')], privileged: true })], [network('n')]);
    expect(found(direct)).toMatchObject([{ severity: 'critical', resource: 'container/web' }]);
    const hidden = engine(
      [container('web', { on: ['n'], ports: [published('127.0.0.1')], privileged: true })],
      [network('n')],
    );
    expect(found(hidden)).toEqual([]);
  });

  it('finds the default bridge shared, unless the engine keeps its containers apart', () => {
    const both = [container('a', { on: ['bridge'] }), container('b', { on: ['bridge'] })];
    expect(found(engine(both, [network('bridge')]))).toMatchObject([
      { ruleId: 'default-bridge-shared', resource: 'network/bridge', steps: ['container/a', 'container/b'] },
    ]);
    const apart = network('bridge', { options: { 'com.docker.network.bridge.enable_icc': 'false' } });
    expect(found(engine(both, [apart]))).toEqual([]);
    expect(found(engine(both.slice(1), [network('bridge')]))).toEqual([]);
  });

  it('finds storage that strangers share', () => {
    const networks = [network('n'), network('m')];
    const sharing = (of: Joined, readOnly = false) =>
      engine(
        [
          container('a', { on: ['n'], mounts: [volume('v', readOnly)] }),
          container('b', { on: ['m'], mounts: [volume('v', true)], ...of }),
        ],
        networks,
      );
    expect(found(sharing({}))).toMatchObject([{ ruleId: 'writable-storage-shared', resource: 'volume/v' }]);
    expect(found(sharing({}, true))).toEqual([]);
    expect(found(sharing({ on: ['n'] }))).toEqual([]);
  });

  it('finds a namespace that two containers share', () => {
    const facts = engine(
      [container('a', { on: ['n'] }), container('b', { pidMode: 'container:id-a' })],
      [network('n')],
    );
    expect(found(facts)).toMatchObject([{ ruleId: 'namespace-shared', resource: 'container/a' }]);
  });
});
