import { REDACTED } from '../../../engine/secret/config-secrets.js';
import type {
  Container,
  EnvVar,
  Handler,
  Profile,
  SecurityContext,
  SeLinuxOptions,
} from '../../../model/cluster/pod.js';
import type { Fields } from './fields.js';
import type { ReadContext } from './metadata.js';

export function containerOf(container: Fields, type: Container['type'], context: ReadContext): Container {
  const lifecycle = container.part('lifecycle');
  const resources = container.part('resources');
  const name = container.needed('name');
  const words = (field: string) => context.redaction.words(container.texts(field), 'command');
  return {
    name,
    type,
    image: container.text('image'),
    imagePullPolicy: container.text('imagePullPolicy'),
    command: words('command'),
    args: words('args'),
    env: container.objects('env').map((each) => envOf(each, context)),
    envFrom: container.objects('envFrom').flatMap((each): Container['envFrom'] => {
      const configMap = each.object('configMapRef');
      if (configMap !== null) return [{ kind: 'ConfigMap', name: configMap.needed('name') }];
      const secret = each.object('secretRef');
      return secret === null ? [] : [{ kind: 'Secret', name: secret.needed('name') }];
    }),
    ports: container.objects('ports').map((port) => ({
      name: port.text('name'),
      containerPort: port.neededNumber('containerPort'),
      // Zero is not set: it asks for no port of the host.
      hostPort: port.number('hostPort') || null,
      hostIP: port.text('hostIP'),
      protocol: port.text('protocol') ?? 'TCP',
    })),
    volumeMounts: container.objects('volumeMounts').map((mount) => ({
      name: mount.needed('name'),
      mountPath: mount.needed('mountPath'),
      subPath: mount.text('subPath') ?? mount.text('subPathExpr'),
      readOnly: mount.flag('readOnly') ?? false,
      mountPropagation: mount.text('mountPropagation'),
    })),
    resources: { limits: resources.texted('limits'), requests: resources.texted('requests') },
    securityContext: securityContextOf(container.part('securityContext')),
    livenessProbe: handlerOf(container.object('livenessProbe')),
    readinessProbe: handlerOf(container.object('readinessProbe')),
    startupProbe: handlerOf(container.object('startupProbe')),
    postStart: handlerOf(lifecycle.object('postStart')),
    preStop: handlerOf(lifecycle.object('preStop')),
    restartPolicy: container.text('restartPolicy'),
  };
}

export function profileOf(parent: Fields, name: string): Profile | null {
  const profile = parent.object(name);
  if (profile === null) return null;
  return { type: profile.needed('type'), localhostProfile: profile.text('localhostProfile') };
}

export function seLinuxOf(parent: Fields): SeLinuxOptions | null {
  const options = parent.object('seLinuxOptions');
  if (options === null) return null;
  return {
    type: options.text('type'),
    user: options.text('user'),
    role: options.text('role'),
    level: options.text('level'),
  };
}

function securityContextOf(context: Fields): SecurityContext {
  const capabilities = context.object('capabilities');
  return {
    privileged: context.flag('privileged'),
    allowPrivilegeEscalation: context.flag('allowPrivilegeEscalation'),
    readOnlyRootFilesystem: context.flag('readOnlyRootFilesystem'),
    runAsNonRoot: context.flag('runAsNonRoot'),
    runAsUser: context.number('runAsUser'),
    runAsGroup: context.number('runAsGroup'),
    capabilities: capabilities && {
      add: capabilities.texts('add'),
      drop: capabilities.texts('drop'),
    },
    procMount: context.text('procMount'),
    seccompProfile: profileOf(context, 'seccompProfile'),
    appArmorProfile: profileOf(context, 'appArmorProfile'),
    seLinuxOptions: seLinuxOf(context),
    windowsHostProcess: context.part('windowsOptions').flag('hostProcess'),
  };
}

function envOf(variable: Fields, { redaction }: ReadContext): EnvVar {
  const name = variable.needed('name');
  const from = fromOf(variable.object('valueFrom'));
  // Kubernetes takes an empty text for a value, which is what a variable without anything has.
  const value = from === null ? literalOf(variable) : null;
  if (value === null || value === '') return { name, value, secretRule: null, from };
  const [found] = redaction.environment(name, value);
  return found === undefined
    ? { name, value, secretRule: null, from }
    : { name, value: REDACTED, secretRule: found.ruleId, from };
}

function literalOf(variable: Fields): string {
  const value = variable.raw('value');
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return variable.text('value') ?? '';
}

function fromOf(source: Fields | null): EnvVar['from'] {
  if (source === null) return null;
  for (const [field, kind] of KEY_SOURCES) {
    const reference = source.object(field);
    if (reference !== null) return { kind, name: reference.text('name') ?? '', key: reference.text('key') };
  }
  const field = source.object('fieldRef');
  if (field !== null) return { kind: 'Field', name: field.text('fieldPath') ?? '', key: null };
  const resource = source.object('resourceFieldRef');
  if (resource !== null) return { kind: 'ResourceField', name: resource.text('resource') ?? '', key: null };
  const file = source.object('fileKeyRef');
  if (file !== null) return { kind: 'File', name: file.text('path') ?? '', key: file.text('key') };
  return null;
}

const KEY_SOURCES = [
  ['secretKeyRef', 'Secret'],
  ['configMapKeyRef', 'ConfigMap'],
] as const;

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

/** Null where nothing is done: a probe without a handler is refused by Kubernetes. */
function handlerOf(handler: Fields | null): Handler | null {
  if (handler === null) return null;
  const type = HANDLERS.find((each) => handler.has(each));
  return type === undefined ? null : { type, host: handler.part(type).text('host') };
}
