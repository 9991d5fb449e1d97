import type { Container, Pod, PodSpec, PodStatus, PodTemplate, Volume, Workload } from '../../../model/cluster/pod.js';
import { containerOf, profileOf, seLinuxOf } from './containers.js';
import type { Fields } from './fields.js';
import { annotationsOf, metadataOf, type ReadContext, readSelector } from './metadata.js';

export function podOf(object: Fields, kind: string, context: ReadContext): Pod {
  return {
    ...metadataOf(object, kind, true, context),
    spec: podSpecOf(needed(object, 'spec'), context),
    status: statusOf(object.object('status')),
  };
}

export function workloadOf(object: Fields, kind: Workload['kind'], context: ReadContext): Workload {
  // A PodTemplate has no spec of its own.
  const spec = kind === 'PodTemplate' ? object : needed(object, 'spec');
  const job = kind === 'CronJob' ? needed(needed(spec, 'jobTemplate'), 'spec') : spec;
  return {
    ...metadataOf(object, kind, true, context),
    kind,
    replicas: kind === 'CronJob' || kind === 'DaemonSet' || kind === 'PodTemplate' ? null : spec.number(REPLICAS[kind]),
    selector: workloadSelector(job, kind),
    template: templateOf(needed(job, 'template'), context),
  };
}

/** How many pods there should be; a Job has as many at once. */
const REPLICAS = {
  Deployment: 'replicas',
  ReplicaSet: 'replicas',
  StatefulSet: 'replicas',
  ReplicationController: 'replicas',
  DeploymentConfig: 'replicas',
  Job: 'parallelism',
} as const;

/** What came before LabelSelector has labels alone. */
function workloadSelector(spec: Fields, kind: Workload['kind']): Workload['selector'] {
  if (kind === 'PodTemplate' || !spec.has('selector')) return null;
  if (kind === 'ReplicationController' || kind === 'DeploymentConfig')
    return { matchLabels: spec.texted('selector'), matchExpressions: [] };
  const selector = spec.object('selector');
  return selector && readSelector(selector);
}

function templateOf(template: Fields, context: ReadContext): PodTemplate {
  const metadata = template.part('metadata');
  return {
    labels: metadata.texted('labels'),
    annotations: annotationsOf(metadata, 'Pod', context.redaction),
    spec: podSpecOf(needed(template, 'spec'), context),
  };
}

function podSpecOf(spec: Fields, context: ReadContext): PodSpec {
  const containers = (field: string, type: Container['type']) =>
    spec.objects(field).map((each) => containerOf(each, type, context));
  const security = spec.part('securityContext');
  return {
    containers: [
      ...containers('initContainers', 'init'),
      ...containers('containers', 'regular'),
      ...containers('ephemeralContainers', 'ephemeral'),
    ],
    // `serviceAccount` is the name that it had before, and still works.
    serviceAccountName: spec.text('serviceAccountName') ?? spec.text('serviceAccount'),
    automountServiceAccountToken: spec.flag('automountServiceAccountToken'),
    nodeName: spec.text('nodeName'),
    hostNetwork: spec.flag('hostNetwork') ?? false,
    hostPID: spec.flag('hostPID') ?? false,
    hostIPC: spec.flag('hostIPC') ?? false,
    hostUsers: spec.flag('hostUsers'),
    shareProcessNamespace: spec.flag('shareProcessNamespace'),
    os: spec.part('os').text('name'),
    runtimeClassName: spec.text('runtimeClassName'),
    priorityClassName: spec.text('priorityClassName'),
    securityContext: {
      runAsNonRoot: security.flag('runAsNonRoot'),
      runAsUser: security.number('runAsUser'),
      runAsGroup: security.number('runAsGroup'),
      fsGroup: security.number('fsGroup'),
      supplementalGroups: security.numbers('supplementalGroups'),
      seccompProfile: profileOf(security, 'seccompProfile'),
      appArmorProfile: profileOf(security, 'appArmorProfile'),
      seLinuxOptions: seLinuxOf(security),
      sysctls: security.objects('sysctls').map((each) => ({
        name: each.needed('name'),
        value: String(each.numberOrText('value') ?? ''),
      })),
      windowsHostProcess: security.part('windowsOptions').flag('hostProcess'),
    },
    volumes: spec.objects('volumes').map(volumeOf),
    imagePullSecrets: spec.objects('imagePullSecrets').flatMap((each) => each.text('name') ?? []),
    tolerations: spec.objects('tolerations').map((each) => ({
      key: each.text('key'),
      operator: each.text('operator'),
      value: each.text('value'),
      effect: each.text('effect'),
    })),
    nodeSelector: spec.texted('nodeSelector'),
  };
}

/** Where the name of what a volume refers to is. */
const REFERENCES: Readonly<Record<string, string>> = {
  secret: 'secretName',
  configMap: 'name',
  persistentVolumeClaim: 'claimName',
  csi: 'driver',
  flexVolume: 'driver',
  image: 'reference',
};

function volumeOf(volume: Fields): Volume {
  const type = volume.keys().find((key) => key !== 'name' && volume.has(key)) ?? 'emptyDir';
  const source = volume.part(type);
  const reference = REFERENCES[type];
  return {
    name: volume.needed('name'),
    type,
    path: type === 'hostPath' ? source.needed('path') : null,
    hostPathType: type === 'hostPath' ? source.text('type') : null,
    reference: reference === undefined ? null : source.text(reference),
    readOnly: source.flag('readOnly'),
    sources: type === 'projected' ? source.objects('sources').flatMap(sourcesOf) : [],
  };
}

function sourcesOf(projection: Fields): Volume['sources'] {
  return projection.keys().flatMap((type) => {
    const source = projection.object(type);
    if (source === null) return [];
    const isNamed = type === 'secret' || type === 'configMap';
    return [
      {
        type,
        reference: isNamed ? source.text('name') : null,
        audience: type === 'serviceAccountToken' ? source.text('audience') : null,
      },
    ];
  });
}

function statusOf(status: Fields | null): PodStatus | null {
  const phase = status?.text('phase') ?? null;
  if (status === null || phase === null) return null;
  const ips = status.objects('podIPs').flatMap((each) => each.text('ip') ?? []);
  const single = status.text('podIP');
  const containers = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'];
  return {
    phase,
    podIPs: ips.length === 0 && single !== null ? [single] : ips,
    hostIP: status.text('hostIP'),
    containers: containers
      .flatMap((field) => status.objects(field))
      .map((each) => ({
        name: each.needed('name'),
        image: each.text('image') ?? '',
        imageID: (each.text('imageID') ?? '').replace(/^docker-pullable:\/\//, ''),
        running: each.part('state').object('running') !== null,
        restartCount: each.number('restartCount') ?? 0,
      })),
  };
}

/** What cannot be left out; nothing of it is known then. */
function needed(parent: Fields, name: string): Fields {
  if (!parent.has(name)) parent.faults.say(`${parent.at(name)} is missing`);
  return parent.part(name);
}
