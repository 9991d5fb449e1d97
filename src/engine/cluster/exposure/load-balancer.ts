import type { ClusterObject } from '../../../model/cluster/cluster-object.js';
import type { Service } from '../../../model/cluster/network.js';
import { isPrivate, parseCidr } from '../network/cidr.js';

/** Annotations by which clouds make a load balancer that the internet does not reach, and the values that do. */
const INTERNAL: readonly [name: string, values: RegExp][] = [
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^(?!false$).+/i],
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internal$/i],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^true$/i],
  ['networking.gke.io/load-balancer-type', /^internal$/i],
  ['cloud.google.com/load-balancer-type', /^internal$/i],
  ['service.beta.kubernetes.io/openstack-internal-load-balancer', /^true$/i],
  ['service.beta.kubernetes.io/oci-load-balancer-internal', /^true$/i],
  ['service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type', /^intranet$/i],
  ['service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type', /^private$/i],
  ['service.kubernetes.io/qcloud-loadbalancer-internal-subnetid', /./],
];

/** Whether what a load balancer lets through comes from the internet, and not from networks of the operator alone. */
export function isPublicBalancer({ annotations, loadBalancerSourceRanges, loadBalancerAddresses }: Service): boolean {
  if (INTERNAL.some(([name, values]) => values.test(annotations[name] ?? ''))) return false;
  const isAws = annotations['service.beta.kubernetes.io/aws-load-balancer-type'] === 'external';
  // AWS' own controller makes them internal where nothing else is said.
  if (isAws && annotations['service.beta.kubernetes.io/aws-load-balancer-scheme'] === undefined) return false;
  if (loadBalancerSourceRanges.length > 0 && loadBalancerSourceRanges.every(isPrivateText)) return false;
  return loadBalancerAddresses.length === 0 || !loadBalancerAddresses.every(isPrivateText);
}

/** Whether an Ingress is one of those that a cloud gives an address of the operator's network alone. */
export function isInternalIngress(
  { annotations }: Pick<ClusterObject, 'annotations'>,
  ingressClass: string | null,
): boolean {
  const name = ingressClass ?? annotations['kubernetes.io/ingress.class'] ?? null;
  if (name === 'gce-internal') return true;
  const scheme = annotations['alb.ingress.kubernetes.io/scheme'];
  return name === 'alb' ? scheme !== 'internet-facing' : scheme === 'internal';
}

export function isPrivateText(text: string): boolean {
  const range = parseCidr(text);
  return range !== null && isPrivate(range);
}
