import type { TargetKind } from '../../model/target.js';
import type { Benchmark, Requirement } from './benchmark.js';

/**
 * NIST SP 800-190, "Application Container Security Guide": its countermeasures, section 4, by the document's numbers, in
 * words of our own. What only a person can say has no controls.
 */
export const NIST_800_190: Benchmark = {
  name: 'nist-800-190',
  title: 'NIST SP 800-190',
  version: '2017-09',
  requirements: [
    of('image', '4.1.1', 'Images have no known vulnerabilities that are fixed', [
      'patches-installed',
      'distribution-supported',
      'recent-image',
    ]),
    of('image', '4.1.2', 'Images are configured as they should be', [
      'non-root-user',
      'no-ssh-server',
      'no-setuid-files',
      'no-file-capabilities',
      'healthcheck-defined',
    ]),
    of('image', '4.1.3', 'Images hold no malware', []),
    of('image', '4.1.4', 'Images hold no secrets in the clear', [
      'no-secrets-in-environment',
      'no-secrets-in-build-history',
      'no-secrets-in-files',
      'no-private-keys',
      'no-credential-files',
    ]),
    of(
      'image',
      '4.1.5',
      'Images come from where they are trusted',
      ['trusted-registry', 'verified-packages', 'no-piped-installers'],
      'partly',
    ),
    of('image', '4.2.2', 'Stale images are not used', ['recent-image', 'pinned-tag']),
    of('host', '4.1.2', 'Containers run as a user that was made for them', [
      'container-non-root-user',
      'container-no-sshd',
    ]),
    of('host', '4.1.4', 'Containers get their secrets by no environment', ['container-no-secrets-in-environment']),
    of('host', '4.1.5', 'Containers are made from images that are trusted', ['container-trusted-registry']),
    of('host', '4.2.1', 'Registries are reached over encrypted connections', ['daemon-no-insecure-registries']),
    of('host', '4.2.2', 'Stale images are removed', ['images-in-use'], 'partly'),
    of('host', '4.3.1', 'Who administers the engine may do what is needed, and no more', [
      'trusted-docker-group',
      'daemon-authorization',
    ]),
    of('host', '4.3.2', 'Nobody reaches the engine without being known to it', [
      'daemon-tls',
      'no-open-engine-api',
      'docker-socket-owner',
      'docker-socket-mode',
    ]),
    of(
      'host',
      '4.3.3',
      'Traffic between containers is kept apart',
      ['daemon-icc-disabled', 'container-own-network', 'swarm-encrypted-networks'],
      'partly',
    ),
    of('host', '4.3.5', 'Nodes are known to each other', ['swarm-node-certificates', 'swarm-auto-lock']),
    of('host', '4.4.1', 'The runtime has no known vulnerabilities', ['engine-up-to-date']),
    of('host', '4.4.2', 'Containers reach no more of the network than they need', [
      'container-no-host-network',
      'container-bound-address',
      'firewall-published-ports',
      'firewall-forward-dropped',
    ]),
    of('host', '4.4.3', 'Containers run with safe settings', [
      'container-not-privileged',
      'container-capabilities',
      'container-seccomp',
      'container-apparmor',
      'container-selinux',
      'container-no-new-privileges',
      'container-no-host-pid',
      'container-no-host-ipc',
      'container-no-engine-socket',
      'container-no-sensitive-mounts',
      'container-no-devices',
    ]),
    of('host', '4.4.4', 'An application that is broken into can do little', [
      'container-read-only-root',
      'container-memory-limit',
      'container-pids-limit',
      'container-cpu-limit',
    ]),
    of('host', '4.4.5', 'No container runs that nobody knows', []),
    of(
      'host',
      '4.5.1',
      'The host has no more on it than it needs',
      ['needed-listening-ports', 'no-clear-text-services'],
      'partly',
    ),
    of('host', '4.5.2', 'Containers of different worth share no kernel', []),
    of('host', '4.5.3', 'Components of the host are up to date', [
      'kernel-current',
      'host-patches-installed',
      'host-distribution-supported',
    ]),
    of('host', '4.5.4', 'Users of the host may do what they need, and no more', [
      'sudo-named-commands',
      'sudo-asks-for-password',
      'sshd-no-root-login',
      'host-no-empty-passwords',
    ]),
    of('host', '4.5.5', 'Containers cannot change the files of the host', [
      'container-no-sensitive-mounts',
      'container-mount-propagation',
      'daemon-user-namespaces',
    ]),
    of('host', '4.6', 'Trust begins in the hardware', []),
    of('cluster', '4.1.2', 'Images are run as they should be', ['pod-run-as-non-root', 'workload-liveness-probe']),
    of('cluster', '4.1.4', 'Secrets are kept outside images and workloads', [
      'workload-no-secrets-in-environment',
      'config-map-no-secrets',
    ]),
    of('cluster', '4.1.5', 'Images come from where they are trusted', [
      'workload-trusted-registry',
      'image-provenance',
    ]),
    of('cluster', '4.2.2', 'Stale images are not used', [
      'workload-pinned-tag',
      'workload-image-digest',
      'workload-pull-policy',
    ]),
    of('cluster', '4.3.1', 'Who administers the orchestrator may do what is needed, and no more', [
      'rbac-no-cluster-admin',
      'rbac-no-wildcards',
      'rbac-no-escalation',
      'rbac-no-system-masters',
    ]),
    of('cluster', '4.3.2', 'Nobody reaches the orchestrator without being known to it', [
      'api-server-no-anonymous',
      'api-server-no-static-tokens',
      'api-server-client-ca',
      'kubelet-no-anonymous',
      'rbac-no-anonymous',
      'api-server-encryption-at-rest',
    ]),
    of(
      'cluster',
      '4.3.3',
      'Traffic between containers is kept apart',
      [
        'namespace-network-policies',
        'network-policies-enforced',
        'workload-ingress-isolated',
        'workload-egress-isolated',
      ],
      'partly',
    ),
    of('cluster', '4.3.4', 'What is of different worth runs on different nodes', []),
    of('cluster', '4.3.5', 'Nodes are known to each other', [
      'api-server-verifies-kubelets',
      'api-server-node-restriction',
      'api-server-node-authorization',
      'kubelet-rotates-certificates',
      'etcd-peer-client-certificates',
    ]),
    of('cluster', '4.4.1', 'The orchestrator and its runtime get fixes', ['kubernetes-supported', 'kubelet-version']),
    of('cluster', '4.4.2', 'Containers reach no more of the network than they need', [
      'namespace-network-policies',
      'pod-no-host-network',
      'pod-no-host-ports',
    ]),
    of('cluster', '4.4.3', 'Containers run with safe settings', [
      'pod-not-privileged',
      'pod-capabilities',
      'pod-seccomp-set',
      'pod-apparmor',
      'pod-selinux',
      'pod-no-privilege-escalation',
      'pod-no-host-pid',
      'pod-no-host-ipc',
      'workload-no-engine-socket',
    ]),
    of('cluster', '4.4.4', 'An application that is broken into can do little', [
      'workload-read-only-root',
      'workload-memory-limit',
      'workload-cpu-limit',
      'workload-token-not-mounted',
    ]),
    of('cluster', '4.4.5', 'No container runs that nobody knows', ['admission-of-pods', 'namespace-pod-security']),
    of('cluster', '4.5.5', 'Containers cannot change the files of the host', [
      'pod-no-host-path',
      'workload-no-writable-host-path',
    ]),
  ],
};

function of(target: TargetKind, id: string, title: string, controls: string[], partly?: 'partly'): Requirement {
  return { id, title, targets: [target], controls, ...(partly && { partly: true }) };
}
