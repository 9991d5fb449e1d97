import type { ClusterControl } from '../cluster-subject.js';
import { type FlagRule, flagControl, mustBe, mustBeGiven, unlessFile } from './flag-control.js';

const MANAGER = 'kube-controller-manager';
const SCHEDULER = 'kube-scheduler';

/** Both listen everywhere unless they are told not to. */
const bound: FlagRule = (line) => {
  const address = line.value('bind-address');
  if (address === null) return { fault: '--bind-address is not set, and 0.0.0.0 then' };
  return address === '127.0.0.1' || address === '::1' ? null : { fault: `--bind-address=${address}` };
};

/** The controller manager and the scheduler: CIS Kubernetes 1.3 and 1.4. */
export const CONTROLLER_CONTROLS: ClusterControl[] = [
  flagControl(
    MANAGER,
    '--terminated-pod-gc-threshold=100',
    {
      id: 'controller-manager-pod-collection',
      title: 'Pods that ended are removed',
      problem: 'Pods that ended are not removed',
      severity: 'low',
    },
    (line) => {
      const value = line.value('terminated-pod-gc-threshold');
      if (value === null) return { forPerson: '--terminated-pod-gc-threshold is not set, and 12500 then' };
      return Number(value) > 0 ? null : { fault: `--terminated-pod-gc-threshold=${value}` };
    },
  ),
  flagControl(
    MANAGER,
    '--profiling=false',
    {
      id: 'controller-manager-no-profiling',
      title: 'The controller manager serves no profiles of itself',
      problem: 'The controller manager serves profiles of itself',
      severity: 'low',
    },
    mustBe('profiling', false, true),
  ),
  flagControl(
    MANAGER,
    '--use-service-account-credentials=true',
    {
      id: 'controller-manager-own-accounts',
      title: 'Each controller has a service account of its own',
      problem: 'Controllers share one account',
      severity: 'medium',
    },
    mustBe('use-service-account-credentials', true, false),
  ),
  flagControl(
    MANAGER,
    '--service-account-private-key-file=FILE',
    {
      id: 'controller-manager-service-account-key',
      title: 'Tokens of service accounts are signed by a key of their own',
      problem: 'Tokens of service accounts are signed by no key of their own',
      severity: 'medium',
    },
    mustBeGiven('service-account-private-key-file'),
  ),
  flagControl(
    MANAGER,
    '--root-ca-file=FILE',
    {
      id: 'controller-manager-root-ca',
      title: 'Pods are told by which CA to know the API server',
      problem: 'Pods are not told by which CA to know the API server',
      severity: 'medium',
    },
    mustBeGiven('root-ca-file'),
  ),
  flagControl(
    MANAGER,
    '--feature-gates=RotateKubeletServerCertificate=true',
    {
      id: 'controller-manager-rotates-certificates',
      title: 'Certificates of kubelets are renewed',
      problem: 'Certificates of kubelets are not renewed',
      severity: 'medium',
    },
    (line) => {
      const off = line
        .list('feature-gates')
        ?.find((gate) => /^RotateKubeletServerCertificate=(?:false|0|f)$/i.test(gate));
      return off === undefined ? null : { fault: `--feature-gates=${off}` };
    },
  ),
  flagControl(
    MANAGER,
    '--bind-address=127.0.0.1',
    {
      id: 'controller-manager-bound-address',
      title: 'The controller manager listens on the loopback address only',
      problem: 'The controller manager listens on other addresses than loopback',
      severity: 'medium',
    },
    bound,
  ),
  flagControl(
    SCHEDULER,
    '--profiling=false',
    {
      id: 'scheduler-no-profiling',
      title: 'The scheduler serves no profiles of itself',
      problem: 'The scheduler serves profiles of itself',
      severity: 'low',
    },
    unlessFile('config', mustBe('profiling', false, true)),
  ),
  flagControl(
    SCHEDULER,
    '--bind-address=127.0.0.1',
    {
      id: 'scheduler-bound-address',
      title: 'The scheduler listens on the loopback address only',
      problem: 'The scheduler listens on other addresses than loopback',
      severity: 'medium',
    },
    bound,
  ),
];
