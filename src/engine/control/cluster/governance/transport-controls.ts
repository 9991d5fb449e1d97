import { resourceName } from '../../../../model/cluster/cluster-object.js';
import type { Evidence } from '../../../../model/control.js';
import { counted, failIfAny, manual, notApplicable } from '../../control.js';
import { known } from '../../host/host-subject.js';
import type { ClusterControl } from '../cluster-subject.js';

const EACH = { opens: 'misconfiguration', eachResource: true } satisfies Partial<ClusterControl>;

/** Provisioners that encrypt all that they make, or that can be told to. */
const ALWAYS_ENCRYPTS =
  /^(?:pd\.csi\.storage\.gke\.io|filestore\.csi\.storage\.gke\.io|kubernetes\.io\/gce-pd|disk\.csi\.azure\.com|file\.csi\.azure\.com|kubernetes\.io\/azure-(?:disk|file)|dobs\.csi\.digitalocean\.com)$/;
const MAY_ENCRYPT: Record<string, string> = {
  'ebs.csi.aws.com': 'encrypted',
  'ebs.csi.eks.amazonaws.com': 'encrypted',
  'kubernetes.io/aws-ebs': 'encrypted',
  'rbd.csi.ceph.com': 'encrypted',
  'csi.scaleway.com': 'encrypted',
  'driver.longhorn.io': 'encrypted',
};

/** What is written to disks and networks. */
export const TRANSPORT_CONTROLS: ClusterControl[] = [
  {
    ...EACH,
    restsOn: ['routes'],
    id: 'ingress-tls',
    title: 'What is served outside the cluster is served over TLS',
    problem: 'Something is served outside the cluster without TLS',
    severity: 'medium',
    looksAt: '`spec.tls` of Ingresses and OpenShift’s Routes, for each of their hosts',
    remediation: 'spec: {tls: [{hosts: [shop.example.com], secretName: shop-tls}]}',
    judge: ({ facts }) => {
      const routes = known(facts.routes).filter(({ tlsHosts }) => tlsHosts !== null);
      if (routes.length === 0) return notApplicable('There is no Ingress and no Route.');
      const evidence = routes.flatMap((route): Evidence[] => {
        const covered = route.tlsHosts ?? [];
        const hosts = route.hosts.length > 0 ? route.hosts : ['*'];
        const open = hosts.filter((host) => !covered.some((name) => covers(name, host)));
        return open.map((value) => ({ resource: resourceName(route), path: 'spec.tls', value }));
      });
      return failIfAny(evidence, (count) => `${counted(count, 'host')} without TLS.`, 'Each host has TLS.');
    },
  },
  {
    ...EACH,
    restsOn: ['gateways'],
    id: 'gateway-tls',
    title: 'Gateways listen for TLS',
    problem: 'A gateway listens without TLS',
    severity: 'low',
    looksAt: '`listeners` of Gateways: HTTP is only for what redirects to HTTPS',
    remediation:
      'spec: {listeners: [{name: https, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: shop-tls}]}}]}',
    judge: ({ facts }) => {
      const gateways = known(facts.gateways);
      if (gateways.length === 0) return notApplicable('There is no Gateway.');
      const evidence = gateways.flatMap((gateway) =>
        gateway.listeners.flatMap(({ protocol, name }, i): Evidence[] =>
          protocol === 'HTTP' || protocol === 'TCP'
            ? [
                {
                  resource: resourceName(gateway),
                  path: `spec.listeners[${i}].protocol`,
                  value: `${protocol} (${name})`,
                },
              ]
            : [],
        ),
      );
      return failIfAny(evidence, (count) => `${counted(count, 'listener')} without TLS.`, 'Each listener has TLS.');
    },
  },
  {
    ...EACH,
    restsOn: ['storageClasses'],
    id: 'storage-encrypted',
    title: 'Volumes are encrypted',
    problem: 'Volumes are made without encryption',
    severity: 'medium',
    looksAt: '`provisioner` and `parameters` of StorageClasses',
    remediation:
      'Make a StorageClass with parameters: {encrypted: "true"}, as parameters cannot be changed, and move volumes to it.',
    judge: ({ facts }) => {
      const classes = known(facts.storageClasses).filter(({ provisioner }) => !ALWAYS_ENCRYPTS.test(provisioner));
      if (classes.length === 0) return notApplicable('There is no StorageClass, but of those that encrypt always.');
      const told = classes.filter(({ provisioner }) => Object.hasOwn(MAY_ENCRYPT, provisioner));
      const evidence = told.flatMap((each): Evidence[] => {
        const name = MAY_ENCRYPT[each.provisioner] ?? '';
        const value = Object.hasOwn(each.parameters, name) ? each.parameters[name] : undefined;
        return value?.toLowerCase() === 'true'
          ? []
          : [{ resource: resourceName(each), path: `parameters.${name}`, value: value ?? 'not set' }];
      });
      const [unknown] = classes.filter((each) => !told.includes(each));
      if (evidence.length === 0 && unknown) {
        return manual(`Whether ${unknown.provisioner} encrypts is for a person to say.`, [
          { resource: resourceName(unknown), path: 'provisioner', value: unknown.provisioner },
        ]);
      }
      return failIfAny(
        evidence,
        (count) => `${counted(count, 'class', 'classes')} without encryption.`,
        'Each encrypts.',
      );
    },
  },
  {
    ...EACH,
    restsOn: ['storageClasses'],
    id: 'storage-retained',
    title: 'Volumes outlive their claims',
    problem: 'Volumes are deleted with their claims',
    severity: 'low',
    looksAt: '`reclaimPolicy` of StorageClasses',
    remediation: 'reclaimPolicy: Retain, in a StorageClass for data that is kept nowhere else.',
    judge: ({ facts }) => {
      const classes = known(facts.storageClasses);
      if (classes.length === 0) return notApplicable('There is no StorageClass.');
      const evidence = classes
        .filter(({ reclaimPolicy }) => (reclaimPolicy ?? 'Delete') === 'Delete')
        .map((each): Evidence => ({ resource: resourceName(each), path: 'reclaimPolicy', value: 'Delete' }));
      return failIfAny(
        evidence,
        (count) => `${counted(count, 'class', 'classes')} of ${classes.length} delete.`,
        'Each keeps.',
      );
    },
  },
  {
    ...EACH,
    restsOn: ['persistentVolumes'],
    id: 'volume-no-host-path',
    title: 'No persistent volume is a folder of a node',
    problem: 'A persistent volume is a folder of a node',
    severity: 'medium',
    looksAt: '`hostPath` of PersistentVolumes',
    remediation: 'Use a StorageClass of a CSI driver, or a `local` volume on a disk of its own.',
    judge: ({ facts }) => {
      const volumes = known(facts.persistentVolumes);
      const evidence = volumes
        .filter(({ type }) => type === 'hostPath')
        .map((each): Evidence => ({ resource: resourceName(each), path: 'spec.hostPath.path', value: each.path }));
      return failIfAny(evidence, (count) => `${counted(count, 'volume')} of ${volumes.length} are.`, 'None is.');
    },
  },
];

/** A name of TLS for a host: itself, or a star for its first part. */
function covers(name: string, host: string): boolean {
  if (name === host || name === '*') return true;
  return name.startsWith('*.') && host.slice(host.indexOf('.')) === name.slice(1) && host.includes('.');
}
