import { manual, notApplicable } from '../../control.js';
import type { ClusterControl } from '../cluster-subject.js';
import { API_SERVER_ACCESS } from './api-server-access.js';
import { API_SERVER_HARDENING } from './api-server-hardening.js';
import { CONTROLLER_CONTROLS } from './controller-controls.js';
import { ETCD_CONTROLS } from './etcd-controls.js';
import { MANAGERS } from './flag-control.js';

/** What can be asked of a control plane. */
export const CONTROL_PLANE_CONTROLS: readonly ClusterControl[] = [
  ...API_SERVER_ACCESS,
  ...API_SERVER_HARDENING,
  ...CONTROLLER_CONTROLS,
  ...ETCD_CONTROLS,
  {
    id: 'control-plane-files',
    title: 'Files of the control plane belong to root, and can be changed by nobody else',
    problem: 'Files of the control plane can be changed by others than root',
    severity: 'high',
    looksAt: 'who runs the control plane; files of nodes are not among the facts of a cluster',
    remediation:
      'On each node of the control plane: chown -R root:root /etc/kubernetes; chmod 600 /etc/kubernetes/manifests/*.yaml /etc/kubernetes/*.conf /etc/kubernetes/pki/*.key; chmod 700 /var/lib/etcd.',
    opens: null,
    restsOn: [],
    judge: ({ facts: { managedBy } }) =>
      managedBy !== null && managedBy !== 'openshift'
        ? notApplicable(`${MANAGERS[managedBy]} has the nodes of the control plane, and its users cannot reach them.`)
        : manual(
            'The API does not show files of nodes: look at their owners and modes on each node of the control plane.',
          ),
  },
];
