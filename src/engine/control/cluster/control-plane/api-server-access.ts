import { type ClusterControl, isFrom } from '../cluster-subject.js';
import {
  type FlagRule,
  flagControl,
  mustBe,
  mustBeGiven,
  mustHave,
  mustLack,
  mustNotBeGiven,
  unlessFile,
} from './flag-control.js';

const API_SERVER = 'kube-apiserver';

/** Where nothing is said, everybody may do everything. */
const modes =
  (rule: FlagRule): FlagRule =>
  (line, subject) =>
    line.has('authorization-mode') || line.has('authorization-config')
      ? unlessFile('authorization-config', rule)(line, subject)
      : { fault: '--authorization-mode is not set, and AlwaysAllow then' };

/** Plug-ins that are on unless they are turned off. */
const onByDefault = (name: string) => mustLack('disable-admission-plugins', name);

const enabled = (name: string) => mustHave('enable-admission-plugins', name);

/** Who the API server lets in, and what it lets them do: CIS Kubernetes 1.2.1 to 1.2.14. */
export const API_SERVER_ACCESS: ClusterControl[] = [
  flagControl(
    API_SERVER,
    '--anonymous-auth=false',
    {
      id: 'api-server-no-anonymous',
      title: 'The API server asks everybody who they are',
      problem: 'The API server answers those who do not say who they are',
      severity: 'medium',
    },
    unlessFile('authentication-config', mustBe('anonymous-auth', false, true)),
  ),
  flagControl(
    API_SERVER,
    '--client-ca-file=FILE, and without --token-auth-file',
    {
      id: 'api-server-no-static-tokens',
      title: 'The API server takes no tokens from a file',
      problem: 'The API server takes tokens from a file, which never end',
      severity: 'high',
    },
    mustNotBeGiven('token-auth-file'),
  ),
  flagControl(
    API_SERVER,
    '--enable-admission-plugins=…,DenyServiceExternalIPs',
    {
      id: 'api-server-deny-external-ips',
      title: 'Services can claim no addresses of others',
      problem: 'Services can claim the addresses of others',
      severity: 'low',
    },
    enabled('DenyServiceExternalIPs'),
  ),
  flagControl(
    API_SERVER,
    '--kubelet-client-certificate=FILE and --kubelet-client-key=FILE',
    {
      id: 'api-server-kubelet-client-certificate',
      title: 'The API server says to kubelets who it is',
      problem: 'The API server does not say to kubelets who it is',
      severity: 'high',
    },
    mustBeGiven('kubelet-client-certificate', 'kubelet-client-key'),
  ),
  flagControl(
    API_SERVER,
    '--kubelet-certificate-authority=FILE',
    {
      id: 'api-server-verifies-kubelets',
      title: 'The API server verifies the certificates of kubelets',
      problem: 'The API server does not verify the certificates of kubelets',
      severity: 'medium',
    },
    mustBeGiven('kubelet-certificate-authority'),
  ),
  flagControl(
    API_SERVER,
    '--authorization-mode=Node,RBAC',
    {
      id: 'api-server-no-always-allow',
      title: 'The API server does not allow everything to everybody',
      problem: 'The API server allows everything to everybody',
      severity: 'critical',
    },
    modes(mustLack('authorization-mode', 'AlwaysAllow')),
  ),
  flagControl(
    API_SERVER,
    '--authorization-mode=Node,RBAC',
    {
      id: 'api-server-node-authorization',
      title: 'Kubelets may read what their own pods need, and no more',
      problem: 'Kubelets may read more than their own pods need',
      severity: 'high',
    },
    modes(mustHave('authorization-mode', 'Node')),
  ),
  flagControl(
    API_SERVER,
    '--authorization-mode=Node,RBAC',
    {
      id: 'api-server-rbac',
      title: 'Who may do what is decided by RBAC',
      problem: 'Who may do what is not decided by RBAC',
      severity: 'high',
    },
    modes(mustHave('authorization-mode', 'RBAC')),
  ),
  flagControl(
    API_SERVER,
    '--enable-admission-plugins=…,EventRateLimit and --admission-control-config-file=FILE',
    {
      id: 'api-server-event-rate-limit',
      title: 'The rate of events is limited',
      problem: 'The rate of events is not limited',
      severity: 'low',
    },
    enabled('EventRateLimit'),
  ),
  flagControl(
    API_SERVER,
    '--enable-admission-plugins=NodeRestriction, without AlwaysAdmit',
    {
      id: 'api-server-no-always-admit',
      title: 'The plug-in AlwaysAdmit is off',
      problem: 'The plug-in AlwaysAdmit is on',
      severity: 'high',
    },
    mustLack('enable-admission-plugins', 'AlwaysAdmit'),
  ),
  flagControl(
    API_SERVER,
    '--enable-admission-plugins=…,AlwaysPullImages',
    {
      id: 'api-server-always-pull-images',
      title: 'Images that a node has are used by nobody who may not pull them',
      problem: 'Images that a node has can be used by those who may not pull them',
      severity: 'low',
    },
    enabled('AlwaysPullImages'),
  ),
  flagControl(
    API_SERVER,
    '--disable-admission-plugins=…, without ServiceAccount',
    {
      id: 'api-server-service-account-admission',
      title: 'The plug-in ServiceAccount is on',
      problem: 'The plug-in ServiceAccount is off',
      severity: 'high',
    },
    onByDefault('ServiceAccount'),
  ),
  flagControl(
    API_SERVER,
    '--disable-admission-plugins=…, without NamespaceLifecycle',
    {
      id: 'api-server-namespace-lifecycle',
      title: 'The plug-in NamespaceLifecycle is on',
      problem: 'The plug-in NamespaceLifecycle is off',
      severity: 'medium',
    },
    onByDefault('NamespaceLifecycle'),
  ),
  flagControl(
    API_SERVER,
    '--enable-admission-plugins=NodeRestriction',
    {
      id: 'api-server-node-restriction',
      title: 'Kubelets may change their own node and pods, and no others',
      problem: 'Kubelets may change other nodes and pods than their own',
      severity: 'high',
    },
    enabled('NodeRestriction'),
  ),
  flagControl(
    API_SERVER,
    '--insecure-port=0',
    {
      id: 'api-server-no-insecure-port',
      title: 'The API server has no port without encryption',
      problem: 'The API server has a port without encryption, where everybody may do everything',
      severity: 'critical',
    },
    (line, subject) => {
      // Gone with 1.24, and useless from 1.20 on.
      if (isFrom(subject, 20)) return null;
      const port = line.value('insecure-port');
      return port === '0'
        ? null
        : { fault: port === null ? '--insecure-port is not set, and 8080 then' : `--insecure-port=${port}` };
    },
  ),
];
