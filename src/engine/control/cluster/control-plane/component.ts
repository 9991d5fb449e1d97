import type { ClusterFacts } from '../../../../model/cluster/cluster-facts.js';
import { resourceName } from '../../../../model/cluster/cluster-object.js';
import type { Container, Pod } from '../../../../model/cluster/pod.js';
import { isStatic } from '../../../cluster/workloads.js';
import { CommandLine } from './command-line.js';

export const PROGRAMS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'kube-proxy'] as const;
export type Program = (typeof PROGRAMS)[number];

/** A program of Kubernetes that runs in a pod, and how it was started. */
interface Component {
  /** `Pod/kube-system/kube-apiserver-node1`. */
  resource: string;
  /** Where its flags are: `spec.containers[0].command`. */
  path: string;
  line: CommandLine;
}

export type ControlPlane = Record<Program, Component[]>;

/** The pods that run the cluster's own programs: static ones, and what kube-system has of these names. */
export function controlPlaneOf({ pods }: Pick<ClusterFacts, 'pods'>): ControlPlane {
  const found: ControlPlane = {
    'kube-apiserver': [],
    'kube-controller-manager': [],
    'kube-scheduler': [],
    etcd: [],
    'kube-proxy': [],
  };
  for (const pod of pods.known ? pods.value : []) {
    if (pod.namespace !== 'kube-system' && !isStatic(pod)) continue;
    for (const [i, container] of regularOf(pod).entries()) {
      const start = startOf(container);
      if (start) found[start.program].push(componentOf(pod, i, container, start));
    }
  }
  return found;
}

interface Start {
  program: Program;
  flags: string[];
}

const BY_NAME = new Map<string, Program>([
  ...PROGRAMS.map((program) => [program, program] as const),
  // hyperkube's names for what it can be.
  ['apiserver', 'kube-apiserver'],
  ['controller-manager', 'kube-controller-manager'],
  ['scheduler', 'kube-scheduler'],
  ['proxy', 'kube-proxy'],
]);

function regularOf({ spec }: Pod): Container[] {
  return spec.containers.filter(({ type }) => type === 'regular');
}

function componentOf(pod: Pod, index: number, container: Container, { flags }: Start): Component {
  const environment = new Map(container.env.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])));
  const field = container.args.some((word) => word.startsWith('--')) ? 'args' : 'command';
  return {
    resource: resourceName(pod),
    path: `spec.containers[${index}].${field}`,
    line: new CommandLine(flags, environment),
  };
}

/** The program is the first word that names one, so wrappers (`/go-runner --log-file=… kube-apiserver`, `sh -c`) are seen through. */
function startOf({ command, args, image }: Container): Start | null {
  const words = wordsOf([...command, ...args]);
  for (const [i, word] of words.entries()) {
    const name = word.slice(word.lastIndexOf('/') + 1);
    const program = BY_NAME.get(name);
    const isNamed = program !== undefined && (name === program || words.slice(0, i).some(isHyperkube));
    if (program && isNamed && !word.startsWith('-')) return { program, flags: words.slice(i + 1) };
  }
  // Where the image's own entry point is run.
  const repository = image?.replace(/(?:@.*|:[^/]*)$/, '') ?? '';
  const program = PROGRAMS.find((each) => repository.endsWith(`/${each}`));
  return program && command.length === 0 ? { program, flags: words } : null;
}

function isHyperkube(word: string): boolean {
  return word.slice(word.lastIndexOf('/') + 1) === 'hyperkube';
}

/** A shell's script is one word; what is in it are words between spaces. */
function wordsOf(command: readonly string[]): string[] {
  const isShell = /(?:^|\/)(?:ba|da|a)?sh$/.test(command[0] ?? '');
  if (!isShell) return [...command];
  return command.flatMap((word) =>
    word.split(/[\s;&|]+/).map((part) => part.replace(/^(['"])(.*)\1$/, '$2').replaceAll(/=(['"])([^'"]*)\1$/g, '=$2')),
  );
}
