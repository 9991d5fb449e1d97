import type { ClusterReachability } from '../network/cluster-reachability.js';
import type { AuditedWorkload } from '../workloads.js';

/** What serves Ingresses and gateways, by the names that its makers give it in labels and images. */
const CONTROLLER =
  /(?:^|[/-])(?:ingress-nginx(?:-controller)?|nginx-ingress(?:-controller)?|nginx-gateway|traefik|haproxy-ingress|haproxytech|kubernetes-ingress|kong|contour|envoy-gateway|envoy|istio-ingressgateway|gateway-proxy|apisix|emissary|ambassador|caddy-ingress|pomerium|voyager|openshift-router|ingress-default|gloo)(?:$|[-:@/])/;

const LABELS = [
  'app.kubernetes.io/name',
  'app',
  'k8s-app',
  'app.kubernetes.io/part-of',
  'gateway.envoyproxy.io/owning-gateway-name',
  'gateway.networking.k8s.io/gateway-name',
];

/** Classes of the pods that connect to what routes lead to; none where they are not known, as those outside the cluster. */
export function controllerClasses(workloads: readonly AuditedWorkload[], reach: ClusterReachability): number[] {
  const found = workloads.filter(({ views }) =>
    views.some(({ labels }) =>
      LABELS.some((key) => {
        const value = labels[key];
        return value !== undefined && (key.startsWith('gateway.') || CONTROLLER.test(value));
      }),
    ),
  );
  return [...new Set(found.flatMap(({ resource }) => reach.classesOf(resource)))];
}
