import { CLUSTER_CONTROLS } from '../../src/engine/control/cluster/cluster-controls.js';
import { type ClusterSettings, clusterSubject } from '../../src/engine/control/cluster/cluster-subject.js';
import { judgeClusterControls } from '../../src/engine/control/cluster/judge-cluster-controls.js';
import type { ClusterFacts } from '../../src/model/cluster/cluster-facts.js';
import type { Container, PodSpec, SecurityContext } from '../../src/model/cluster/pod.js';
import { clusterFacts, container, pod, podSpec } from './cluster-facts.js';

const SETTINGS: ClusterSettings = { now: new Date('2026-11-24T12:00:00Z'), trustedRegistries: null, lifecycle: null };

/** Every control's result; one that throws fails the test. */
export function judgeCluster(facts: ClusterFacts, settings: Partial<ClusterSettings> = {}) {
  return judgeClusterControls(CLUSTER_CONTROLS, clusterSubject(facts, { ...SETTINGS, ...settings }), (id, error) => {
    throw new Error(`${id} threw`, { cause: error });
  });
}

export function resultOf(id: string, facts: ClusterFacts, settings: Partial<ClusterSettings> = {}) {
  const result = judgeCluster(facts, settings).results.find((one) => one.id === id);
  if (!result) throw new Error(`there is no control ${id}`);
  return result;
}

/** Of the facts of a cluster of the given release. */
export const ofRelease = (minor: number): Partial<ClusterFacts> => ({
  server: { known: true, value: { gitVersion: `v1.${minor}.0`, major: 1, minor, platform: null }, gaps: [] },
});

export const onePod = (spec: Partial<PodSpec>, annotations: Record<string, string> = {}, minor = 34) =>
  clusterFacts({ pods: [pod('p', spec, { annotations })] }, ofRelease(minor));

/** A pod whose one container is as given. */
export const withContainer = (of: Partial<Container>, minor?: number, spec: Partial<PodSpec> = {}) =>
  onePod({ ...spec, containers: [container('app', of)] }, {}, minor);

/** A pod whose one container has the given security context. */
export const secured = (of: Partial<SecurityContext>, minor?: number, spec: Partial<PodSpec> = {}) =>
  withContainer({ securityContext: { ...container('app').securityContext, ...of } }, minor, spec);

/** A pod with the given security context of its own. */
export const podSecured = (of: Partial<PodSpec['securityContext']>, minor?: number, spec: Partial<PodSpec> = {}) =>
  onePod({ ...spec, securityContext: { ...podSpec().securityContext, ...of } }, {}, minor);
