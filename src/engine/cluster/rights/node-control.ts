import { isAbsolute, normalize } from 'node:path/posix';
import type { Container, PodSpec, Volume } from '../../../model/cluster/pod.js';

/** Sockets whose user may start what it likes on the node. */
const ENGINE_SOCKET =
  /(?:^|\/)(?:docker|dockershim|podman|containerd|crio|cri-dockerd|k3s\/containerd\/containerd)\.sock$/;

/** Folders of the node that hold such a socket. */
const SOCKET_FOLDERS = new Set([
  '/',
  '/run',
  '/run/containerd',
  '/run/crio',
  '/run/docker',
  '/run/k3s',
  '/run/k3s/containerd',
  '/run/podman',
  '/var',
]);

/** Folders beneath which programs, settings, credentials or containers of the node are: who writes there soon runs as root. */
const NODE_FOLDERS =
  /^\/(?:$|(?:bin|boot|dev|etc|home|lib|lib64|opt|proc|root|sbin|sys|usr|var)$|etc\/|root\/|(?:usr\/)?(?:s?bin|lib|lib64)(?:$|\/)|usr\/local(?:$|\/s?bin)|opt\/cni(?:$|\/)|var\/(?:lib|spool)$|var\/spool\/cron|var\/lib\/(?:kubelet|docker|containerd|containers|rancher|k0s|etcd|cni)(?:$|\/(?!.*plugins(?:_registry)?\/.)))/;

/** Folders whose reader has the tokens and secrets of every pod of the node, or the kubelet's own credentials. */
const KUBELET_FOLDERS =
  /^\/(?:$|var$|var\/lib$|var\/lib\/kubelet(?:$|\/pods|\/pki)|etc$|etc\/kubernetes(?:$|\/kubelet))/;

/** Where the keys of the control plane are, on its nodes: kubeadm, k3s, etcd. */
const CLUSTER_KEYS =
  /^\/(?:$|etc$|etc\/kubernetes$|etc\/kubernetes\/(?:pki(?:$|\/ca\.key$|\/sa\.key$)|(?:super-)?admin\.conf$)|var$|var\/lib$|var\/lib\/etcd(?:$|\/)|var\/lib\/rancher(?:$|\/k3s\/server))/;

/** Capabilities with which a process leaves its container without a fault of the kernel: capabilities(7). */
const LEAVING = new Set(['ALL', 'BPF', 'DAC_READ_SEARCH', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_PTRACE', 'SYS_RAWIO']);

/**
 * Ways by which whoever runs code in a pod gets its node, or what every pod of the node has, a few words each, sorted.
 * None: it would have to find a fault of the kernel first.
 */
export function controlOverNode(spec: PodSpec): string[] {
  const ways = new Set<string>();
  const volumes = hostPaths(spec);
  for (const container of spec.containers) {
    const { privileged, capabilities, windowsHostProcess } = container.securityContext;
    if (privileged) ways.add('privileged');
    if (windowsHostProcess ?? spec.securityContext.windowsHostProcess) ways.add('host process of Windows');
    // In a user namespace of the pod's own, they are none of the node's.
    if (spec.hostUsers !== false) {
      for (const name of (capabilities?.add ?? []).map((one) => one.toUpperCase().replace(/^CAP_/, ''))) {
        // Processes of others are there to be traced only in the host's own namespace.
        if (LEAVING.has(name) && (name !== 'SYS_PTRACE' || spec.hostPID)) ways.add(`capability ${name}`);
      }
    }
    for (const mount of mountsOf(container, volumes)) {
      const way = wayOfMount(mount);
      if (way !== null) ways.add(way);
    }
  }
  return [...ways].sort();
}

/** Folders and files mounted from the node that hold, on a node of the control plane, the keys of the cluster. */
export function clusterKeys(spec: PodSpec): string[] {
  const volumes = hostPaths(spec);
  const paths = spec.containers.flatMap((container) => mountsOf(container, volumes).map(({ path }) => path));
  return [...new Set(paths.filter((path) => CLUSTER_KEYS.test(path)))].sort();
}

interface HostMount {
  path: string;
  readOnly: boolean;
}

function hostPaths({ volumes }: PodSpec): Map<string, string> {
  const host = volumes.filter(
    (volume): volume is Volume & { path: string } => volume.type === 'hostPath' && !!volume.path,
  );
  return new Map(host.map(({ name, path }) => [name, canonical(path)]));
}

function mountsOf({ volumeMounts }: Container, volumes: ReadonlyMap<string, string>): HostMount[] {
  return volumeMounts.flatMap(({ name, subPath, readOnly }) => {
    const path = volumes.get(name);
    if (path === undefined) return [];
    return [{ path: subPath ? canonical(`${path}/${subPath}`) : path, readOnly }];
  });
}

/** `/var/run` is a link to `/run` on every distribution of now. */
function canonical(path: string): string {
  const whole = normalize(isAbsolute(path) ? path : `/${path}`);
  const bare = whole.length > 1 ? whole.replace(/\/+$/, '') : whole;
  return bare === '/var/run' || bare.startsWith('/var/run/') ? bare.slice('/var'.length) : bare;
}

function wayOfMount({ path, readOnly }: HostMount): string | null {
  // A socket is used through a mount that is read-only as well.
  if (ENGINE_SOCKET.test(path)) return `engine socket ${path}`;
  if (!readOnly && NODE_FOLDERS.test(path)) return `writes ${path}`;
  if (SOCKET_FOLDERS.has(path)) return `engine socket in ${path}`;
  if (KUBELET_FOLDERS.test(path)) return `reads ${path}`;
  return null;
}
