import type { Escalation, Technique } from '../rights/escalation.js';
import type { Arrival } from './ways-in.js';

/** More than these are not named. */
const MAX_OTHERS = 5;

/** What to do so that a step is there no more: sentences. */
export function remediationOf(step: Escalation | Arrival): string {
  if (!('technique' in step)) {
    return `Do not let ${step.to} be reached from ${step.from}: close ${step.via}, or let a NetworkPolicy allow only those that need it.`;
  }
  const { from, grants, others, via } = step;
  const [grant] = grants;
  if (grant) {
    const { rule, role, binding, to } = grant;
    const what = `${rule.verbs.join(', ')} of ${[...rule.resources, ...rule.nonResourceURLs].join(', ')}`;
    const more = [...new Set(others.map((one) => `${one.role} by ${one.binding}`))].slice(0, MAX_OTHERS);
    const likewise = more.length > 0 ? ` The same is given by ${more.join('; ')}.` : '';
    return `Take ${what} out of ${role}, or ${to} out of ${binding}.${likewise}`;
  }
  return WITHOUT_RIGHTS[step.technique]?.(from, via) ?? `Take from ${from} what lets it: ${via}.`;
}

const WITHOUT_RIGHTS: Partial<Record<Technique, (from: string, via: string) => string>> = {
  'token-of-pod': (from) =>
    `Set automountServiceAccountToken: false in the pods of ${from} where they do not use the API, or give them a service account without these rights.`,
  'node-of-pod': (from, via) => `Take from the pods of ${from} what gives them the node: ${via}.`,
  'keys-of-cluster': (from, via) =>
    from.startsWith('Node/')
      ? `Keep other pods off ${from}: taint it, and let nobody tolerate that.`
      : `Take from the pods of ${from} the mount by which they hold the keys of the cluster: ${via}.`,
  'pods-of-node': (from) => `Keep pods with powerful service accounts off ${from}: give them nodes of their own.`,
};
