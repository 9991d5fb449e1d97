import type { Json } from '../../../../model/cluster/network.js';
import type { KubeletConfig } from '../../../../model/cluster/node.js';
import type { Evidence } from '../../../../model/control.js';
import { counted, failIfAny, manual, notApplicable, undetermined } from '../../control.js';
import { known } from '../../host/host-subject.js';
import type { ClusterControl, ClusterSubject } from '../cluster-subject.js';
import { STRONG_CIPHERS, secondsOf } from '../control-plane/api-server-hardening.js';

type Words = Pick<ClusterControl, 'id' | 'title' | 'problem' | 'severity'>;

/** Nodes: CIS Kubernetes 4. */
export const KUBELET_CONTROLS: ClusterControl[] = [
  kubelet(
    {
      id: 'kubelet-no-anonymous',
      title: 'Kubelets ask everybody who they are',
      problem: 'A kubelet answers those who do not say who they are',
      severity: 'critical',
    },
    'authentication.anonymous.enabled: false',
    (value) => value === false,
  ),
  kubelet(
    {
      id: 'kubelet-authorization',
      title: 'Kubelets do not allow everything to everybody',
      problem: 'A kubelet allows everything to everybody',
      severity: 'critical',
    },
    'authorization.mode: Webhook',
    (value) => typeof value === 'string' && value !== 'AlwaysAllow',
  ),
  kubelet(
    {
      id: 'kubelet-client-ca',
      title: 'Kubelets know clients by certificates',
      problem: 'A kubelet knows no client by a certificate',
      severity: 'high',
    },
    'authentication.x509.clientCAFile: /etc/kubernetes/pki/ca.crt',
    isText,
  ),
  kubelet(
    {
      id: 'kubelet-no-read-only-port',
      title: 'Kubelets serve nothing to those who do not say who they are',
      problem: 'A kubelet serves its read-only port',
      severity: 'high',
    },
    'readOnlyPort: 0',
    (value) => value === undefined || value === 0,
  ),
  kubelet(
    {
      id: 'kubelet-idle-timeout',
      title: 'Connections that nobody uses end',
      problem: 'Connections to a kubelet that nobody uses never end',
      severity: 'low',
    },
    'streamingConnectionIdleTimeout: 4h0m0s',
    // What is 0 in the file was set to the default when the kubelet read it.
    (value) => value === undefined || (typeof value === 'string' && secondsOf(value) !== 0),
  ),
  kubelet(
    {
      id: 'kubelet-iptables-chains',
      title: 'Kubelets keep the rules of the firewall that pods need',
      problem: 'A kubelet does not keep the rules of the firewall',
      severity: 'low',
    },
    'makeIPTablesUtilChains: true',
    (value) => value === undefined || value === true,
  ),
  kubelet(
    {
      id: 'kubelet-event-rate',
      title: 'Kubelets tell of what happens',
      problem: 'A kubelet does not tell of what happens',
      severity: 'low',
    },
    'eventRecordQPS: 50',
    (value) => value === undefined || (typeof value === 'number' && value >= 0),
  ),
  kubelet(
    {
      id: 'kubelet-certificate',
      title: 'Kubelets have certificates that were made for them',
      problem: 'A kubelet makes a certificate of its own',
      severity: 'medium',
    },
    'tlsCertFile: FILE, with tlsPrivateKeyFile; or serverTLSBootstrap: true',
    (value, config) => (isText(value) && isText(config.tlsPrivateKeyFile)) || config.serverTLSBootstrap === true,
  ),
  kubelet(
    {
      id: 'kubelet-rotates-certificates',
      title: 'Kubelets renew the certificates that they show as clients',
      problem: 'A kubelet does not renew the certificate that it shows as a client',
      severity: 'medium',
    },
    'rotateCertificates: true',
    // The API serves it without the default, which is false in the file.
    (value) => value === true,
  ),
  kubelet(
    {
      id: 'kubelet-rotates-server-certificates',
      title: 'Kubelets renew the certificates that they show as servers',
      problem: 'A kubelet does not renew the certificate that it shows as a server',
      severity: 'medium',
    },
    'featureGates.RotateKubeletServerCertificate: true',
    (value) => value !== false,
  ),
  kubelet(
    {
      id: 'kubelet-strong-ciphers',
      title: 'Kubelets speak strong ciphers only',
      problem: 'A kubelet speaks weak ciphers',
      severity: 'medium',
    },
    'tlsCipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]',
    (value) =>
      Array.isArray(value) && value.length > 0 && value.every((suite) => isText(suite) && STRONG_CIPHERS.has(suite)),
  ),
  kubelet(
    {
      id: 'kubelet-pids-limit',
      title: 'Pods may have a number of processes, and no more',
      problem: 'Pods of a node may have any number of processes',
      severity: 'medium',
    },
    'podPidsLimit: 4096',
    (value) => Number(value) > 0,
  ),
  kubelet(
    {
      id: 'kubelet-seccomp-default',
      title: 'System calls of containers are filtered where nobody says otherwise',
      problem: 'System calls of containers are not filtered unless somebody says so',
      severity: 'medium',
    },
    'seccompDefault: true',
    (value) => value === true,
  ),
  {
    id: 'node-files',
    title: 'Files of the kubelet belong to root, and can be changed by nobody else',
    problem: 'Files of the kubelet can be changed by others than root',
    severity: 'high',
    looksAt: 'nothing: files of nodes and flags of kubelets are not among the facts of a cluster',
    remediation:
      'On each node: chown root:root /etc/kubernetes/kubelet.conf /var/lib/kubelet/config.yaml; chmod 600 of both.',
    opens: null,
    restsOn: [],
    judge: () =>
      manual(
        'The API does not show files of nodes and flags of kubelets: look at them on each node, or scan it as a host.',
      ),
  },
];

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

/** @param set the field that makes it pass, and how: `readOnlyPort: 0` */
function kubelet(
  words: Words,
  set: string,
  isRight: (value: Json | undefined, config: KubeletConfig['config']) => boolean,
): ClusterControl {
  const [path = ''] = set.split(':', 1);
  return {
    ...words,
    looksAt: `\`${path}\` of the configuration that kubelets serve`,
    remediation: `In /var/lib/kubelet/config.yaml of the node: ${set}; then systemctl restart kubelet.`,
    opens: 'misconfiguration',
    restsOn: ['kubelets'],
    judge: (subject) => {
      const kubelets = known(subject.facts.kubelets);
      if (kubelets.length === 0) return noneIsKnown(subject);
      const evidence = kubelets.flatMap(({ node, config }): Evidence[] => {
        const value = valueAt(config, path);
        const shown = value === undefined ? 'not set' : JSON.stringify(value);
        return isRight(value, config) ? [] : [{ resource: `Node/${node}`, path, value: shown }];
      });
      return failIfAny(
        evidence,
        (count) => `${counted(count, 'kubelet')} of ${kubelets.length} fail.`,
        `${counted(kubelets.length, 'kubelet')}: each is set so.`,
      );
    },
  };
}

function noneIsKnown({ facts: { nodes } }: ClusterSubject) {
  return nodes.known && nodes.value.length === 0 && nodes.gaps.length === 0
    ? notApplicable('There is no node.')
    : undetermined('No configuration of a kubelet could be read.');
}

function valueAt(config: KubeletConfig['config'], path: string): Json | undefined {
  let value: Json | undefined = config;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
      return undefined;
    value = value[name];
  }
  return value;
}
