import type { ClusterControl } from '../cluster-subject.js';
import { flagControl, mustBe, mustBeAtLeast, mustBeGiven } from './flag-control.js';

const API_SERVER = 'kube-apiserver';

/** CIS Kubernetes 1.2.29: those of TLS 1.3, and of TLS 1.2 with forward secrecy and authenticated encryption. */
export const STRONG_CIPHERS: ReadonlySet<string> = new Set([
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
]);

/** Seconds; the default is one minute, and the benchmark’s example five. */
const MAX_REQUEST_TIMEOUT = 300;

/** How the API server logs, encrypts and serves: CIS Kubernetes 1.2.15 to 1.2.30 and 3.2. */
export const API_SERVER_HARDENING: ClusterControl[] = [
  flagControl(
    API_SERVER,
    '--profiling=false',
    {
      id: 'api-server-no-profiling',
      title: 'The API server serves no profiles of itself',
      problem: 'The API server serves profiles of itself',
      severity: 'low',
    },
    mustBe('profiling', false, true),
  ),
  flagControl(
    API_SERVER,
    '--audit-log-path=/var/log/kubernetes/audit.log',
    {
      id: 'api-server-audit-log',
      title: 'The API server writes an audit log',
      problem: 'The API server writes no audit log',
      severity: 'medium',
    },
    (line, subject) =>
      // A webhook is sent what a file would get.
      line.value('audit-webhook-config-file') ? null : mustBeGiven('audit-log-path')(line, subject),
  ),
  flagControl(
    API_SERVER,
    '--audit-log-maxage=30',
    {
      id: 'api-server-audit-log-age',
      title: 'Audit logs are kept for 30 days',
      problem: 'Audit logs are not kept for 30 days',
      severity: 'low',
    },
    mustBeAtLeast('audit-log-maxage', 30),
  ),
  flagControl(
    API_SERVER,
    '--audit-log-maxbackup=10',
    {
      id: 'api-server-audit-log-backups',
      title: 'Ten old audit logs are kept',
      problem: 'Fewer than ten old audit logs are kept',
      severity: 'low',
    },
    mustBeAtLeast('audit-log-maxbackup', 10),
  ),
  flagControl(
    API_SERVER,
    '--audit-log-maxsize=100',
    {
      id: 'api-server-audit-log-size',
      title: 'An audit log may grow to 100 MB',
      problem: 'An audit log may not grow to 100 MB',
      severity: 'low',
    },
    mustBeAtLeast('audit-log-maxsize', 100),
  ),
  flagControl(
    API_SERVER,
    '--audit-policy-file=/etc/kubernetes/audit-policy.yaml',
    {
      id: 'api-server-audit-policy',
      title: 'A policy says what is audited',
      problem: 'No policy says what is audited, so nothing is',
      severity: 'medium',
    },
    mustBeGiven('audit-policy-file'),
  ),
  flagControl(
    API_SERVER,
    '--request-timeout=60s',
    {
      id: 'api-server-request-timeout',
      title: 'Requests end after some minutes',
      problem: 'Requests may take very long',
      severity: 'low',
    },
    (line) => {
      const value = line.value('request-timeout');
      if (value === null) return null;
      const seconds = secondsOf(value);
      return seconds !== null && seconds > 0 && seconds <= MAX_REQUEST_TIMEOUT
        ? null
        : { fault: `--request-timeout=${value}` };
    },
  ),
  flagControl(
    API_SERVER,
    '--service-account-lookup=true',
    {
      id: 'api-server-service-account-lookup',
      title: 'Tokens of service accounts that are gone are refused',
      problem: 'Tokens of service accounts that are gone are taken',
      severity: 'medium',
    },
    mustBe('service-account-lookup', true, true),
  ),
  flagControl(
    API_SERVER,
    '--service-account-key-file=FILE',
    {
      id: 'api-server-service-account-key',
      title: 'Tokens of service accounts have a key of their own',
      problem: 'Tokens of service accounts have no key of their own',
      severity: 'medium',
    },
    mustBeGiven('service-account-key-file'),
  ),
  flagControl(
    API_SERVER,
    '--etcd-certfile=FILE and --etcd-keyfile=FILE',
    {
      id: 'api-server-etcd-client-certificate',
      title: 'The API server says to etcd who it is',
      problem: 'The API server does not say to etcd who it is',
      severity: 'high',
    },
    mustBeGiven('etcd-certfile', 'etcd-keyfile'),
  ),
  flagControl(
    API_SERVER,
    '--tls-cert-file=FILE and --tls-private-key-file=FILE',
    {
      id: 'api-server-certificate',
      title: 'The API server has a certificate that was made for it',
      problem: 'The API server makes a certificate of its own',
      severity: 'high',
    },
    mustBeGiven('tls-cert-file', 'tls-private-key-file'),
  ),
  flagControl(
    API_SERVER,
    '--client-ca-file=FILE',
    {
      id: 'api-server-client-ca',
      title: 'The API server knows clients by certificates',
      problem: 'The API server knows no client by a certificate',
      severity: 'high',
    },
    mustBeGiven('client-ca-file'),
  ),
  flagControl(
    API_SERVER,
    '--etcd-cafile=FILE',
    {
      id: 'api-server-verifies-etcd',
      title: 'The API server verifies the certificate of etcd',
      problem: 'The API server does not verify the certificate of etcd',
      severity: 'high',
    },
    mustBeGiven('etcd-cafile'),
  ),
  flagControl(
    API_SERVER,
    '--encryption-provider-config=FILE',
    {
      id: 'api-server-encryption-at-rest',
      title: 'Secrets are encrypted in etcd',
      problem: 'Secrets are not encrypted in etcd',
      severity: 'high',
    },
    mustBeGiven('encryption-provider-config'),
  ),
  flagControl(
    API_SERVER,
    '--encryption-provider-config=FILE, whose first provider is kms, secretbox or aescbc',
    {
      id: 'api-server-encryption-provider',
      title: 'Secrets are encrypted by a provider that does encrypt',
      problem: 'Secrets are encrypted by no provider',
      severity: 'high',
    },
    (line) => {
      const file = line.value('encryption-provider-config');
      return file
        ? { forPerson: `${file}: whether its first provider is kms, secretbox or aescbc` }
        : { fault: '--encryption-provider-config not set' };
    },
  ),
  flagControl(
    API_SERVER,
    '--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
    {
      id: 'api-server-strong-ciphers',
      title: 'The API server speaks strong ciphers only',
      problem: 'The API server speaks weak ciphers',
      severity: 'medium',
    },
    (line) => {
      const suites = line.list('tls-cipher-suites');
      if (suites === null)
        return { fault: '--tls-cipher-suites is not set, and those of TLS 1.2 with CBC are on then' };
      const weak = suites.filter((suite) => !STRONG_CIPHERS.has(suite));
      return weak.length === 0 ? null : { fault: `--tls-cipher-suites: ${weak.join(', ')}` };
    },
  ),
  flagControl(
    API_SERVER,
    '--service-account-extend-token-expiration=false',
    {
      id: 'api-server-short-tokens',
      title: 'Tokens of service accounts end when they say',
      problem: 'Tokens of service accounts are taken for a year',
      severity: 'low',
    },
    mustBe('service-account-extend-token-expiration', false, true),
  ),
];

/** Go's durations: `1m30s`, `300s`. Null for what is none. */
export function secondsOf(duration: string): number | null {
  if (duration === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:h|m|s|ms|us|µs|ns))+$/.test(duration)) return null;
  const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };
  let seconds = 0;
  for (const [, number, unit = ''] of duration.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/g)) {
    seconds += Number(number) * (UNITS[unit] ?? 0);
  }
  return seconds;
}
