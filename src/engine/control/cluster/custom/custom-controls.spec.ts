import { describe, expect, it } from 'vitest';
import { clusterFacts, clusterObject, container, deployment, pod } from '../../../../../test/support/cluster-facts.js';
import fc from '../../../../../test/support/property.js';
import type { ClusterFacts } from '../../../../model/cluster/cluster-facts.js';
import type { Role } from '../../../../model/cluster/rights.js';
import type { ControlStatus } from '../../../../model/control.js';
import { clusterSubject } from '../cluster-subject.js';
import { judgeClusterControls } from '../judge-cluster-controls.js';
import { customControl } from './custom-control.js';
import { parseCustomControls } from './parse-custom-controls.js';

const of = (kinds: string, expression: string) => `controls:
  - id: acme
    title: Named by its team
    severity: medium
    kinds: [${kinds}]
    expression: ${JSON.stringify(expression)}
    message: It has no team
    remediation: Set metadata.labels.team.
`;

function judge(kinds: string, expression: string, facts: ClusterFacts, time?: number) {
  const { controls, errors } = parseCustomControls(of(kinds, expression), new Set());
  expect(errors).toEqual([]);
  const subject = clusterSubject(facts, { now: new Date(0), trustedRegistries: null, lifecycle: null });
  const rules = controls.map((control) => customControl(control, time));
  const { results, judgements } = judgeClusterControls(rules, subject, (id, error) => {
    throw new Error(`${id} threw`, { cause: error });
  });
  const [result] = results;
  if (!result) throw new Error('there is no result');
  return { ...result, judgements };
}

const web = (of: Parameters<typeof deployment>[2] = {}) => clusterFacts({ workloads: [deployment('web', {}, of)] });

describe('an operator’s own control', () => {
  it.each<[string, string, ClusterFacts, ControlStatus]>([
    ['Deployment', 'has(object.metadata.labels.team)', web({ labels: { team: 'a' } }), 'pass'],
    ['Deployment', 'has(object.metadata.labels.team)', web(), 'fail'],
    ['StatefulSet', 'false', web(), 'not_applicable'],
    ['Deployment', 'object.spec.replicas >= 2', web(), 'fail'],
    ['Deployment', 'object.spec.replicas == 1', web(), 'pass'],
    [
      'Deployment',
      'object.spec.template.spec.containers.all(c, c.image.startsWith("registry.example/"))',
      web(),
      'pass',
    ],
    ['Deployment', 'podSpec.containers.exists(c, has(c.resources.limits.memory))', web(), 'fail'],
    ['Deployment', 'object.spec.nothing.at.all', web(), 'undetermined'],
    ['Deployment', 'object.metadata.name', web(), 'undetermined'],
    ['Deployment', 'object.metadata.?labels.?team.orValue("none") == "none"', web(), 'pass'],
    ['CronJob', 'has(object.spec.jobTemplate.spec.template.spec.containers)', web({ kind: 'CronJob' }), 'pass'],
    ['ClusterRole', 'object.rules.all(r, !("*" in r.verbs))', roles(), 'fail'],
  ])('over %s, %s of %#: %j', (kinds, expression, facts, status) => {
    expect(judge(kinds, expression, facts).status).toBe(status);
  });

  it('opens a finding for each object, and one for the replicas of a workload', () => {
    const owners = [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: null, controller: true }];
    const pods = [pod('db-0', {}, { owners }), pod('db-1', {}, { owners }), pod('alone')];
    const { judgements, evidence } = judge('Pod', 'has(object.metadata.labels.team)', clusterFacts({ pods }));
    expect(judgements.map(({ title }) => title)).toEqual([
      'It has no team: StatefulSet/default/db',
      'It has no team: Pod/default/alone',
    ]);
    expect(evidence[0]).toEqual({
      resource: 'StatefulSet/default/db',
      path: 'Pod/default/db-0',
      value: 'It has no team',
    });
  });

  it('is undetermined where the facts are not known', () => {
    const workloads = { known: false, code: 'not_permitted', reason: 'Refused.' } as const;
    expect(judge('Deployment', 'true', { ...web(), workloads }).status).toBe('undetermined');
  });

  it('sees pods as Kubernetes has them', () => {
    const init = container('i', { type: 'init', env: [{ name: 'A', value: 'b', secretRule: null, from: null }] });
    const facts = clusterFacts({
      pods: [pod('p', { os: 'linux', hostPID: true, containers: [init, container('app')] })],
    });
    const expression = [
      'podSpec.hostPID && podSpec.os.name == "linux" && !has(podSpec.runtimeClassName)',
      'podSpec.initContainers[0].env[0].value == "b" && size(podSpec.containers) == 1',
      'podSpec.containers.all(c, !has(c.securityContext.privileged))',
    ].join(' && ');
    expect(judge('Pod', expression, facts).status).toBe('pass');
  });
});

describe('a hostile expression', () => {
  const refused = (expression: string) =>
    parseCustomControls(of('Pod', expression), new Set()).errors[0]?.message ?? '';

  it('is refused where it could grow without bound', () => {
    expect(refused(`${'('.repeat(100)}true${')'.repeat(100)}`)).toContain('maxDepth');
    expect(refused(`${'true && '.repeat(400)}true`)).toMatch(/maxAstNodes|maxDepth/);
    expect(refused(`"${'a'.repeat(5_000)}" == ""`)).toContain('4000 characters');
    expect(refused(`${'"a" + '.repeat(20)}"a" == ""`)).toContain('additions');
    const loops = (depth: number): string => (depth === 0 ? 'true' : `[1].all(a${depth}, ${loops(depth - 1)})`);
    expect(refused(loops(4))).toContain('loops');
    expect(refused(loops(3))).toBe('');
  });

  it('is stopped, and decides nothing', () => {
    const list = JSON.stringify(Array.from({ length: 100 }, (_, i) => i));
    const nested = `${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c >= 0)))`;
    const { status, reason } = judge('Deployment', nested, web(), 1);
    expect(status).toBe('undetermined');
    expect(reason).toContain('Deployment/default/web');
  });

  it('with a pattern that backtracks is stopped too', () => {
    const facts = web({ labels: { l: `${'a'.repeat(60)}!` } });
    expect(judge('Deployment', 'object.metadata.labels.l.matches("^(a+)+$")', facts, 20).status).toBe('undetermined');
  });

  it('reaches nothing but the object', () => {
    for (const name of ['process', 'globalThis', 'constructor', 'require'])
      expect(refused(`${name} == null`)).not.toBe('');
    expect(judge('Deployment', 'has(object.constructor)', web()).status).toBe('fail');
    expect(judge('Deployment', 'object.__proto__ == null', web()).status).toBe('undetermined');
  });
});

describe('a file of controls', () => {
  const errors = (text: string) => parseCustomControls(text, new Set(['pod-sysctls'])).errors;
  const good = of('Pod', 'true');

  it.each<[string, string, number, number, RegExp]>([
    ['a syntax that is not YAML', 'controls:\n  - id: "a', 2, 11, /./],
    ['no list', 'rules: []', 1, 1, /a list "controls"/],
    ['no map', 'controls:\n  - text', 2, 5, /expected a control/],
    ['an unknown field', good.replace('severity', 'severety'), 4, 5, /"severety"/],
    ['a severity', good.replace('medium', 'huge'), 4, 15, /expected one of critical/],
    ['a kind', good.replace('[Pod]', '[Pod, Frog]'), 5, 18, /"Frog"/],
    ['an id that is taken', good.replace('acme', 'pod-sysctls'), 2, 9, /already/],
    ['an id in capitals', good.replace('acme', 'Acme'), 2, 9, /lower-case/],
    ['an expression that is none', good.replace('"true"', 'true &&'), 6, 24, /the expression/],
    ['an expression in quotes', good.replace('"true"', '"1 + true"'), 6, 18, /the expression/],
    ['an expression on lines', good.replace('"true"', '|\n      true &&\n      nobody'), 8, 7, /nobody/],
    ['a number for a text', good.replace('Named by its team', '7'), 3, 12, /title/],
  ])('with %s says where', (_, text, line, column, message) => {
    const [first] = errors(text);
    expect(first).toMatchObject({ line, column });
    expect(first?.message).toMatch(message);
  });

  it('gives the controls that are right, whatever is wrong with others', () => {
    const bad = of('Frog', 'true').replace('controls:\n', '').replace('acme', 'other');
    const { controls, errors } = parseCustomControls(good + bad, new Set());
    expect(controls.map(({ id }) => id)).toEqual(['acme']);
    expect(errors).toHaveLength(1);
    expect(parseCustomControls('', new Set())).toEqual({ controls: [], errors: [] });
  });

  it('expands no aliases of aliases', () => {
    const bomb = [
      'a: &a [x]',
      ...'bcdefghij'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefghij'[i]},`.repeat(9)}]`),
    ];
    expect(errors(`${bomb.join('\n')}\ncontrols: *j\n`)).toHaveLength(1);
  });

  it('is read whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        for (const file of [text, `controls: ${text}`, good.replace('"true"', text)]) {
          for (const { line, column } of errors(file)) expect(line * column).toBeGreaterThan(0);
        }
      }),
    );
  });
});

function roles(): ClusterFacts {
  const rules = [{ verbs: ['*'], apiGroups: [''], resources: ['pods'], resourceNames: [], nonResourceURLs: [] }];
  const role: Role = {
    ...clusterObject('ClusterRole', 'r', { namespace: null }),
    rules,
    isAggregated: false,
    aggregates: [],
  };
  return clusterFacts({ roles: [role] });
}
