import type { LabelRequirement, LabelSelector } from '../../model/cluster/cluster-object.js';

/** As Kubernetes' LabelSelectorAsSelector: `NotIn` and `DoesNotExist` hold of what has no such label. */
export function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Record<string, string>): boolean {
  for (const key of Object.keys(matchLabels)) {
    if (!Object.hasOwn(labels, key) || labels[key] !== matchLabels[key]) return false;
  }
  return matchExpressions.every((requirement) => holds(requirement, labels));
}

export function keysOf({ matchLabels, matchExpressions }: LabelSelector): string[] {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
}

function holds({ key, operator, values }: LabelRequirement, labels: Record<string, string>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
