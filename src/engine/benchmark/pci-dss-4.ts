import type { TargetKind } from '../../model/target.js';
import type { Benchmark, Requirement } from './benchmark.js';

/**
 * PCI DSS 4.0.1: the requirements that images, hosts and clusters can show something of, by the document's numbers, in words of
 * our own. Each asks for more than a machine can see, for procedures and people: what passes here is a part of the evidence.
 */
export const PCI_DSS_4: Benchmark = {
  name: 'pci-dss-4',
  title: 'PCI DSS',
  version: '4.0.1',
  requirements: [
    of('image', '2.2.2', 'Accounts that came with software are changed or locked', [
      'no-empty-passwords',
      'single-root-account',
    ]),
    of('image', '2.2.4', 'Only what is needed is there', [
      'no-ssh-server',
      'no-sudo',
      'no-package-caches',
      'no-leftovers',
    ]),
    of('image', '6.2.4', 'Software is built so that attacks fail', [
      'non-root-user',
      'no-piped-installers',
      'verified-packages',
    ]),
    of('image', '6.3.1', 'Vulnerabilities are found and rated', ['distribution-supported']),
    of('image', '6.3.3', 'Fixes are installed', ['patches-installed']),
    of('image', '7.2.5', 'Applications have the rights that they need, and no more', [
      'non-root-user',
      'no-setuid-files',
      'no-file-capabilities',
    ]),
    of('image', '8.3.2', 'Keys and passwords cannot be read', ['no-private-keys', 'no-credential-files']),
    of('image', '8.6.2', 'Passwords are in no script, file or code', [
      'no-secrets-in-environment',
      'no-secrets-in-build-history',
      'no-secrets-in-files',
    ]),
    of('host', '1.3.1', 'Only traffic that is needed comes in', [
      'firewall-input-dropped',
      'firewall-published-ports',
      'needed-listening-ports',
    ]),
    of('host', '1.3.2', 'Only traffic that is needed goes out', ['firewall-forward-dropped'], 'partly'),
    of(
      'host',
      '1.4.1',
      'Networks that are trusted are kept apart from others',
      ['daemon-icc-disabled', 'container-own-network', 'container-no-host-network'],
      'partly',
    ),
    of(
      'host',
      '2.2.1',
      'Systems are set up by a standard of hardening',
      [
        'kernel-aslr',
        'kernel-mandatory-access-control',
        'container-not-privileged',
        'container-capabilities',
        'container-seccomp',
        'daemon-seccomp',
      ],
      'partly',
    ),
    of('host', '2.2.2', 'Accounts that came with software are changed or locked', [
      'host-no-empty-passwords',
      'host-system-accounts-locked',
      'host-single-root-account',
    ]),
    of('host', '2.2.4', 'Only what is needed is there', [
      'needed-listening-ports',
      'container-no-sshd',
      'container-needed-ports',
    ]),
    of('host', '2.2.5', 'Services that are not safe are not used', ['no-clear-text-services']),
    of(
      'host',
      '2.2.6',
      'Settings of security are set against misuse',
      ['container-no-new-privileges', 'container-read-only-root', 'sudo-use-pty', 'sshd-no-empty-passwords'],
      'partly',
    ),
    of('host', '2.2.7', 'Administration is encrypted', [
      'daemon-tls',
      'no-open-engine-api',
      'sshd-strong-ciphers',
      'sshd-strong-key-exchange',
    ]),
    of('host', '3.5.1', 'Stored data cannot be read by who takes the disk', ['container-data-encrypted'], 'partly'),
    of(
      'host',
      '4.2.1',
      'Data is encrypted on its way',
      ['daemon-no-insecure-registries', 'swarm-encrypted-networks'],
      'partly',
    ),
    of('host', '5.2.1', 'Malware is looked for', []),
    of('host', '6.3.1', 'Vulnerabilities are found and rated', ['host-distribution-supported', 'engine-up-to-date']),
    of('host', '6.3.3', 'Fixes are installed', ['host-patches-installed', 'kernel-current']),
    of('host', '7.2.1', 'Rights are given by need', [
      'trusted-docker-group',
      'sudo-named-commands',
      'daemon-authorization',
    ]),
    of('host', '7.2.5', 'Applications have the rights that they need, and no more', [
      'container-non-root-user',
      'daemon-user-namespaces',
      'container-no-engine-socket',
    ]),
    of('host', '8.2.1', 'Everybody has a user of his own', ['host-distinct-users', 'host-single-root-account']),
    of('host', '8.2.2', 'Users are not shared', ['sshd-no-root-login'], 'partly'),
    of('host', '8.3.1', 'Whoever logs in is asked for something', [
      'host-no-empty-passwords',
      'sshd-no-empty-passwords',
      'sudo-asks-for-password',
    ]),
    of('host', '8.3.2', 'Passwords cannot be read', ['host-strong-password-hashes', 'host-files-shadow']),
    of('host', '8.3.4', 'Who guesses passwords is locked out', ['sshd-few-tries'], 'partly'),
    of('host', '8.3.9', 'Passwords are changed', ['host-password-age']),
    of('host', '8.6.2', 'Passwords are in no script, file or code', ['container-no-secrets-in-environment']),
    of('host', '10.2.1', 'What is done is logged', [
      'audit-dockerd',
      'audit-docker-data',
      'audit-docker-folder',
      'daemon-log-level',
      'sshd-log-level',
      'sudo-log-file',
    ]),
    of('host', '10.3.3', 'Logs are kept elsewhere at once', ['daemon-remote-logging']),
    of('host', '11.3.1', 'Vulnerabilities are looked for from inside', ['host-patches-installed'], 'partly'),
    of('host', '11.5.2', 'Changes of files are noticed', ['container-read-only-root'], 'partly'),
    of('cluster', '1.2.5', 'Only ports and services that are needed are open', ['pod-no-host-ports'], 'partly'),
    of(
      'cluster',
      '1.3.1',
      'Only traffic that is needed comes in',
      ['namespace-network-policies', 'network-policies-enforced'],
      'partly',
    ),
    of(
      'cluster',
      '1.3.2',
      'Only traffic that is needed goes out',
      ['namespace-network-policies', 'workload-egress-isolated', 'workload-no-metadata-service'],
      'partly',
    ),
    of(
      'cluster',
      '1.4.1',
      'Networks that are trusted are kept apart from others',
      ['pod-no-host-network', 'namespace-network-policies'],
      'partly',
    ),
    of(
      'cluster',
      '2.2.1',
      'Systems are set up by a standard of hardening',
      ['pod-not-privileged', 'pod-capabilities', 'pod-seccomp-set', 'namespace-pod-security', 'admission-of-pods'],
      'partly',
    ),
    of('cluster', '2.2.2', 'Accounts that came with software are changed or locked', [
      'default-service-account-unused',
      'default-service-account-no-rights',
    ]),
    of('cluster', '2.2.4', 'Only what is needed is there', [
      'api-server-no-profiling',
      'kubelet-no-read-only-port',
      'workload-own-namespace',
    ]),
    of('cluster', '2.2.7', 'Administration is encrypted', ['api-server-certificate', 'kubelet-certificate']),
    of('cluster', '3.5.1', 'Stored data cannot be read by who takes the disk', [
      'api-server-encryption-at-rest',
      'api-server-encryption-provider',
      'storage-encrypted',
    ]),
    of('cluster', '4.2.1', 'Data is encrypted on its way', [
      'ingress-tls',
      'gateway-tls',
      'etcd-certificate',
      'etcd-peer-certificate',
      'api-server-strong-ciphers',
      'kubelet-strong-ciphers',
    ]),
    of('cluster', '6.3.1', 'Vulnerabilities are found and rated', ['kubernetes-supported']),
    of('cluster', '6.3.3', 'Fixes are installed', ['kubernetes-supported', 'kubelet-version'], 'partly'),
    of('cluster', '7.2.1', 'Rights are given by need', [
      'api-server-rbac',
      'rbac-no-cluster-admin',
      'rbac-no-wildcards',
      'rbac-no-secrets',
    ]),
    of('cluster', '7.2.5', 'Applications have the rights that they need, and no more', [
      'pod-run-as-non-root',
      'workload-token-not-mounted',
      'rbac-no-escalation',
      'workload-no-engine-socket',
    ]),
    of('cluster', '8.2.1', 'Everybody has a user of his own', ['rbac-no-system-masters'], 'partly'),
    of('cluster', '8.3.1', 'Whoever comes is asked for something', [
      'api-server-no-anonymous',
      'kubelet-no-anonymous',
      'rbac-no-anonymous',
      'api-server-no-static-tokens',
    ]),
    of('cluster', '8.6.2', 'Passwords are in no script, file or code', [
      'workload-no-secrets-in-environment',
      'config-map-no-secrets',
    ]),
    of('cluster', '10.2.1', 'What is done is logged', ['api-server-audit-log', 'api-server-audit-policy']),
    of('cluster', '10.5.1', 'Logs are kept for a year', ['api-server-audit-log-age'], 'partly'),
    of('cluster', '11.5.2', 'Changes of files are noticed', ['workload-read-only-root'], 'partly'),
  ],
};

function of(target: TargetKind, id: string, title: string, controls: string[], partly?: 'partly'): Requirement {
  return { id, title, targets: [target], controls, ...(partly && { partly: true }) };
}
