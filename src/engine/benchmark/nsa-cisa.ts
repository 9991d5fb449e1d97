import type { Benchmark, Requirement } from './benchmark.js';

/**
 * The Kubernetes Hardening Guide of NSA and CISA. It numbers nothing: up to 8.2, these are the numbers that compliance
 * tools gave it first (but 1.13 to 1.17, 2.1, 6.3, 7.2 and 7.3, which are what those left out); 9.0 is its last chapter.
 */
export const NSA_CISA: Benchmark = {
  name: 'nsa-cisa',
  title: 'NSA/CISA Kubernetes Hardening Guide',
  version: '1.2',
  requirements: [
    of('1.0', 'Containers run as a user other than root', ['pod-run-as-non-root', 'pod-non-root-user']),
    of('1.1', 'Containers cannot change their files', ['workload-read-only-root']),
    of('1.2', 'No container has all privileges', ['pod-not-privileged']),
    of('1.3', 'Processes of the node are not shared', ['pod-no-host-pid']),
    of('1.4', 'Memory of the node is not shared', ['pod-no-host-ipc']),
    of('1.5', 'The network of the node is not shared', ['pod-no-host-network']),
    of('1.6', 'Containers are not told to be root', ['pod-non-root-user']),
    of('1.7', 'Privileges cannot grow', ['pod-no-privilege-escalation']),
    of('1.8', 'SELinux confines containers', ['pod-selinux']),
    of('1.9', 'AppArmor confines containers', ['pod-apparmor']),
    of('1.10', 'Seccomp confines containers', ['pod-seccomp', 'pod-seccomp-set']),
    of('1.11', 'Tokens are protected', ['workload-token-not-mounted', 'default-service-account-unused']),
    of('1.12', 'kube-system is for the system', []),
    of('1.13', 'Containers have no capabilities that they do not need', [
      'pod-capabilities',
      'pod-capabilities-dropped',
    ]),
    of('1.14', 'Folders of the node are not mounted', [
      'pod-no-host-path',
      'workload-no-writable-host-path',
      'workload-no-engine-socket',
    ]),
    of('1.15', 'Ports of the node are not taken', ['pod-no-host-ports']),
    of('1.16', 'Something controls what pods may be', [
      'admission-of-pods',
      'namespace-pod-security',
      'webhooks-fail-closed',
      'admission-policies-deny',
    ]),
    of('1.17', 'Images are scanned, and come from where they are trusted', [
      'workload-trusted-registry',
      'image-provenance',
    ]),
    of('2.0', 'Network policies select pods and namespaces', ['namespace-network-policies']),
    of('2.1', 'Nothing is served without encryption', ['ingress-tls', 'gateway-tls']),
    of('3.0', 'The network heeds policies', ['network-policies-enforced']),
    of('4.0', 'Quotas limit namespaces', ['namespace-resource-quota']),
    of('4.1', 'Limits are set for containers', [
      'namespace-limit-range',
      'workload-memory-limit',
      'workload-cpu-limit',
    ]),
    of('5.0', 'The control plane has no port without encryption', ['api-server-no-insecure-port']),
    of('5.1', 'etcd is reached over TLS', ['etcd-certificate', 'etcd-client-certificates', 'api-server-verifies-etcd']),
    of('6.0', 'Files with credentials can be read by root only', ['control-plane-files', 'node-files']),
    of('6.1', 'Secrets are encrypted at rest', ['api-server-encryption-at-rest']),
    of('6.2', 'The provider of encryption is a strong one', ['api-server-encryption-provider']),
    of('6.3', 'Secrets are kept as secrets', ['workload-no-secrets-in-environment', 'config-map-no-secrets']),
    of('7.0', 'Nobody is anonymous', ['api-server-no-anonymous', 'kubelet-no-anonymous', 'rbac-no-anonymous']),
    of('7.1', 'RBAC decides', ['api-server-rbac', 'api-server-no-always-allow']),
    of('7.2', 'Rights are no more than is needed', [
      'rbac-no-cluster-admin',
      'rbac-no-wildcards',
      'rbac-no-secrets',
      'rbac-no-escalation',
      'rbac-no-pod-exec',
      'rbac-no-port-forward',
      'rbac-no-ephemeral-containers',
      'rbac-no-way-to-cluster-admin',
      'workload-no-way-to-cluster-admin',
    ]),
    of('7.3', 'Kubelets ask who comes, and what he may', ['kubelet-authorization', 'kubelet-client-ca']),
    of('8.0', 'There is an audit policy', ['api-server-audit-policy']),
    of('8.1', 'An audit log is written', ['api-server-audit-log']),
    of('8.2', 'Audit logs are kept', ['api-server-audit-log-age', 'api-server-audit-log-backups']),
    of('9.0', 'Kubernetes is kept up to date', ['kubernetes-supported', 'kubelet-version']),
  ],
};

function of(id: string, title: string, controls: string[]): Requirement {
  return { id, title, targets: ['cluster'], controls };
}
