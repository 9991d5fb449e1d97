import type { Gateway, Route, RouteBackend, Service } from '../../../model/cluster/network.js';
import type { Fields } from './fields.js';
import { metadataOf, type ReadContext } from './metadata.js';

export function serviceOf(object: Fields, kind: string, context: ReadContext): Service {
  const spec = object.part('spec');
  return {
    ...metadataOf(object, kind, true, context),
    // Kubernetes has no other kind that a Service without one is.
    type: spec.text('type') ?? 'ClusterIP',
    selector: spec.texted('selector'),
    clusterIP: spec.text('clusterIP'),
    externalIPs: spec.texts('externalIPs'),
    loadBalancerSourceRanges: spec.texts('loadBalancerSourceRanges'),
    loadBalancerAddresses: object
      .part('status')
      .part('loadBalancer')
      .objects('ingress')
      .flatMap((each) => each.text('ip') ?? each.text('hostname') ?? []),
    ports: spec.objects('ports').map((port) => ({
      name: port.text('name'),
      protocol: port.text('protocol') ?? 'TCP',
      port: port.neededNumber('port'),
      targetPort: port.numberOrText('targetPort'),
      nodePort: port.number('nodePort') || null,
    })),
  };
}

/** `networking.k8s.io/v1`, and v1beta1 with `serviceName` and `servicePort`. */
export function ingressOf(object: Fields, kind: 'Ingress', context: ReadContext): Route {
  const metadata = metadataOf(object, kind, true, context);
  const { namespace } = metadata;
  const spec = object.part('spec');
  const rules = spec.objects('rules');
  const fallback = spec.object('defaultBackend') ?? spec.object('backend');
  const backends = rules.flatMap((rule) =>
    rule
      .part('http')
      .objects('paths')
      .flatMap((path) => ingressBackend(path.part('backend'), path.text('path'), namespace)),
  );
  return {
    ...metadata,
    kind,
    // A rule without a host, and the backend for what no rule takes, are for every name.
    hosts: fallback === null && rules.every((rule) => rule.has('host')) ? rules.map((rule) => rule.needed('host')) : [],
    backends: [...backends, ...(fallback === null ? [] : ingressBackend(fallback, null, namespace))],
    tlsHosts: spec.objects('tls').flatMap((each) => {
      const hosts = each.texts('hosts');
      // What names none is for all names of the Ingress.
      return hosts.length === 0 ? ['*'] : hosts;
    }),
    parents: [],
    ingressClass: spec.text('ingressClassName') ?? metadata.annotations['kubernetes.io/ingress.class'] ?? null,
  };
}

function ingressBackend(backend: Fields, path: string | null, namespace: string | null): RouteBackend[] {
  const service = backend.object('service');
  const name = service?.text('name') ?? backend.text('serviceName');
  // A backend may be a resource that is no service, as a bucket.
  if (name === null) return [];
  const port = service?.part('port');
  const number = port ? (port.number('number') ?? port.text('name')) : backend.numberOrText('servicePort');
  return [{ path, namespace: namespace ?? 'default', service: name, port: number }];
}

/** The Gateway API's. */
export function gatewayRouteOf(
  object: Fields,
  kind: Exclude<Route['kind'], 'Ingress' | 'OpenShiftRoute'>,
  context: ReadContext,
): Route {
  const metadata = metadataOf(object, kind, true, context);
  const own = metadata.namespace ?? 'default';
  const spec = object.part('spec');
  return {
    ...metadata,
    kind,
    hosts: spec.texts('hostnames'),
    backends: spec.objects('rules').flatMap((rule) => {
      const paths = rule.objects('matches').flatMap((match) => match.part('path').text('value') ?? []);
      return rule.objects('backendRefs').flatMap((backend): RouteBackend[] => {
        if ((backend.text('kind') ?? 'Service') !== 'Service') return [];
        const namespace = backend.text('namespace') ?? own;
        const rest = { namespace, service: backend.needed('name'), port: backend.number('port') };
        return paths.length === 0 ? [{ path: null, ...rest }] : paths.map((path) => ({ path, ...rest }));
      });
    }),
    tlsHosts: null,
    parents: spec.objects('parentRefs').flatMap((parent) => {
      if ((parent.text('kind') ?? 'Gateway') !== 'Gateway') return [];
      return [`${parent.text('namespace') ?? own}/${parent.needed('name')}`];
    }),
    ingressClass: null,
  };
}

/** `route.openshift.io/v1` Route. */
export function openShiftRouteOf(object: Fields, kind: 'OpenShiftRoute', context: ReadContext): Route {
  const metadata = metadataOf(object, kind, true, context);
  const spec = object.part('spec');
  const host = spec.text('host');
  const backends = [spec.object('to'), ...spec.objects('alternateBackends')].flatMap((backend): RouteBackend[] => {
    if (backend === null || (backend.text('kind') ?? 'Service') !== 'Service') return [];
    const port = spec.part('port').numberOrText('targetPort');
    return [
      { path: spec.text('path'), namespace: metadata.namespace ?? 'default', service: backend.needed('name'), port },
    ];
  });
  return {
    ...metadata,
    kind,
    hosts: host === null ? [] : [host],
    backends,
    tlsHosts: spec.object('tls') === null ? [] : [host ?? '*'],
    parents: [],
    ingressClass: null,
  };
}

export function gatewayOf(object: Fields, kind: string, context: ReadContext): Gateway {
  const spec = object.part('spec');
  return {
    ...metadataOf(object, kind, true, context),
    gatewayClass: spec.needed('gatewayClassName'),
    listeners: spec.objects('listeners').map((each) => ({
      name: each.needed('name'),
      protocol: each.needed('protocol'),
      port: each.neededNumber('port'),
      hostname: each.text('hostname'),
      tlsMode: tlsModeOf(each),
    })),
    addresses: object
      .part('status')
      .objects('addresses')
      .flatMap((each) => each.text('value') ?? []),
  };
}

/** Terminate is what an API fills in. */
function tlsModeOf(listener: Fields): string | null {
  const tls = listener.object('tls');
  return tls === null ? null : (tls.text('mode') ?? 'Terminate');
}
