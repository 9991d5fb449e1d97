import { redactCommand } from '../../../engine/secret/redact-command.js';
import type { SecretScanner } from '../../../engine/secret/secret-scanner.js';
import type { Fact } from '../../../model/host/fact.js';
import type { Process } from '../../../model/host/system.js';
import { type Gaps, readFact } from './fact-reading.js';
import { type HostRoot, ReadFault } from './host-root.js';
import { containerOf, parseCommandLine, parseStatus } from './process-status.js';
import { NO_PROC } from './sysctl.js';

const MAX_PROCESSES = 20_000;
/** Other entries of /proc are a hundred. */
const MAX_ENTRIES = MAX_PROCESSES + 1_000;
const MAX_TEXT = 64 * 1024;
const COMMAND = { words: 256, length: 1_024 };
/** Characters of one command line, and of all: more are not looked at for secrets, and so not kept. */
const MAX_COMMAND = { each: 4 * 1024, all: 8 * 1024 * 1024 };

/**
 * Every process but threads of the kernel, by number. Needs root, or CAP_SYS_PTRACE, for the programs of other users'
 * processes. One that ends while it is looked at is left out.
 */
export function readProcesses(root: HostRoot, scanner: Pick<SecretScanner, 'scanText' | 'cutShort'>): Fact<Process[]> {
  return readFact(NO_PROC, (gaps) => {
    const { entries, isCut } = root.entries('/proc', MAX_ENTRIES);
    const pids = entries
      .flatMap(({ name }) => (/^[1-9]\d{0,8}$/.test(name) ? [Number(name)] : []))
      .sort((a, b) => a - b);
    if (pids.length === 0) throw new ReadFault('absent', '');
    if (isCut || pids.length > MAX_PROCESSES)
      gaps.add(`More processes run than the ${MAX_PROCESSES} that are looked at.`);
    const unseen = { count: 0 };
    const left = { characters: MAX_COMMAND.all };
    const processes = pids
      .slice(0, MAX_PROCESSES)
      .flatMap((pid) => readProcess(root, pid, { scanner, gaps, unseen, left }) ?? []);
    if (unseen.count > 0) {
      const message = `The programs of ${unseen.count} of ${processes.length} processes cannot be seen: collect as root, or with CAP_SYS_PTRACE.`;
      gaps.add(message);
    }
    return processes;
  });
}

interface ReadingParts {
  scanner: Pick<SecretScanner, 'scanText' | 'cutShort'>;
  gaps: Gaps;
  /** Processes whose programs may not be seen. */
  unseen: { count: number };
  /** Of all command lines. */
  left: { characters: number };
}

function readProcess(root: HostRoot, pid: number, { scanner, gaps, unseen, left }: ReadingParts): Process | null {
  const folder = `/proc/${pid}`;
  const read = (name: string) =>
    gaps.tolerate(`${folder}/${name}`, () => root.textIfThere(`${folder}/${name}`, MAX_TEXT)?.text ?? null);
  const text = read('status');
  if (text === null) return null;
  const status = parseStatus(text);
  if (!status) {
    gaps.add(`${folder}/status has no form that is known.`);
    return null;
  }
  const words = parseCommandLine(read('cmdline') ?? '', COMMAND);
  if (words.length === 0 && (pid === 2 || status.parent === 2)) return null;
  const cgroup = read('cgroup');
  const { parent, uid, capabilities, seccomp, noNewPrivileges } = status;
  return {
    pid,
    parent,
    uid,
    executable: executableOf(root, folder, unseen),
    command: redactCommand(bounded(words, left, gaps), scanner),
    container: cgroup === null ? null : containerOf(cgroup),
    capabilities,
    seccomp,
    noNewPrivileges,
  };
}

function executableOf(root: HostRoot, folder: string, unseen: { count: number }): string | null {
  try {
    // A program that was updated while it runs.
    const target = root.linkTarget(`${folder}/exe`).replace(/ \(deleted\)$/, '');
    return target.startsWith('/') ? target.slice(0, 4096).toWellFormed() : null;
  } catch (error) {
    if (!(error instanceof ReadFault)) throw error;
    if (error.code === 'not_permitted') unseen.count += 1;
    return null;
  }
}

function bounded(words: string[], all: ReadingParts['left'], gaps: Gaps): string[] {
  if (all.characters <= 0) {
    gaps.add(`Command lines have more than the ${MAX_COMMAND.all} characters that are kept.`);
    return [];
  }
  let left = MAX_COMMAND.each;
  const end = words.findIndex((word) => {
    left -= word.length;
    return left < 0;
  });
  const kept = end < 0 ? words : words.slice(0, end);
  all.characters -= kept.reduce((sum, word) => sum + word.length, 0);
  return kept;
}
