import type { ClusterControl } from '../cluster-subject.js';
import { type FlagRule, flagControl, mustBe, mustBeGiven, unlessFile } from './flag-control.js';

const ETCD = 'etcd';

/** With a file, etcd heeds no flag. */
const ofFlags = (rule: FlagRule): FlagRule => {
  return (line, subject) =>
    line.has('config-file')
      ? { undecided: `--config-file=${line.value('config-file')} sets everything, and is not known.` }
      : rule(line, subject);
};

/** etcd, which has everything: CIS Kubernetes 2. */
export const ETCD_CONTROLS: ClusterControl[] = [
  flagControl(
    ETCD,
    '--cert-file=FILE and --key-file=FILE',
    {
      id: 'etcd-certificate',
      title: 'etcd is reached over TLS only',
      problem: 'etcd is reached without encryption',
      severity: 'high',
    },
    ofFlags(mustBeGiven('cert-file', 'key-file')),
  ),
  flagControl(
    ETCD,
    '--client-cert-auth=true',
    {
      id: 'etcd-client-certificates',
      title: 'etcd answers clients with a certificate only',
      problem: 'etcd answers clients without a certificate',
      severity: 'critical',
    },
    ofFlags(mustBe('client-cert-auth', true, false)),
  ),
  flagControl(
    ETCD,
    '--auto-tls=false',
    {
      id: 'etcd-no-auto-tls',
      title: 'etcd makes no certificate of its own',
      problem: 'etcd makes a certificate of its own',
      severity: 'medium',
    },
    ofFlags(mustBe('auto-tls', false, false)),
  ),
  flagControl(
    ETCD,
    '--peer-cert-file=FILE and --peer-key-file=FILE',
    {
      id: 'etcd-peer-certificate',
      title: 'Members of etcd speak TLS to each other',
      problem: 'Members of etcd speak to each other without encryption',
      severity: 'high',
    },
    ofFlags(mustBeGiven('peer-cert-file', 'peer-key-file')),
  ),
  flagControl(
    ETCD,
    '--peer-client-cert-auth=true',
    {
      id: 'etcd-peer-client-certificates',
      title: 'Members of etcd know each other by certificates',
      problem: 'Members of etcd do not know each other by certificates',
      severity: 'high',
    },
    ofFlags(mustBe('peer-client-cert-auth', true, false)),
  ),
  flagControl(
    ETCD,
    '--peer-auto-tls=false',
    {
      id: 'etcd-no-peer-auto-tls',
      title: 'Members of etcd make no certificates of their own',
      problem: 'Members of etcd make certificates of their own',
      severity: 'medium',
    },
    ofFlags(mustBe('peer-auto-tls', false, false)),
  ),
  flagControl(
    ETCD,
    '--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt',
    {
      id: 'etcd-own-ca',
      title: 'etcd has a CA of its own',
      problem: 'etcd has the CA that clients of the API server have',
      severity: 'medium',
    },
    ofFlags((line, { controlPlane }) => {
      const file = line.value('trusted-ca-file');
      if (!file) return { fault: '--trusted-ca-file not set' };
      const shared = controlPlane['kube-apiserver'].some((server) => server.line.value('client-ca-file') === file);
      return shared ? { fault: `--trusted-ca-file=${file}, as --client-ca-file of kube-apiserver` } : null;
    }),
  ),
  flagControl(
    'kube-proxy',
    '--metrics-bind-address=127.0.0.1:10249',
    {
      id: 'kube-proxy-metrics-address',
      title: 'kube-proxy serves its metrics on the loopback address only',
      problem: 'kube-proxy serves its metrics on other addresses than loopback',
      severity: 'low',
    },
    unlessFile('config', (line) => {
      const address = line.value('metrics-bind-address');
      // Where it is not given, a file may give it.
      if (address === null) return line.has('config') ? { fault: '' } : null;
      return /^(?:127\.|\[?::1\]?(?::|$)|localhost)/.test(address)
        ? null
        : { fault: `--metrics-bind-address=${address}` };
    }),
  ),
];
