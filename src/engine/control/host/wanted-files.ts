import { DOCKER_FILES } from './docker/docker-files.js';
import type { WantedFile } from './host-subject.js';
import { LINUX_FILES, LINUX_SYSCTLS } from './linux/linux-files.js';

/** Every file that some host control asks for; each once, and with its text where one of them reads it. */
export const WANTED_FILES: readonly WantedFile[] = joined([...DOCKER_FILES, ...LINUX_FILES]);

/** Names of /proc/sys that some host control asks for: `net.ipv4.ip_forward`. */
export const WANTED_SYSCTLS: readonly string[] = [...new Set(LINUX_SYSCTLS)].sort();

function joined(files: readonly WantedFile[]): WantedFile[] {
  const byPath = new Map<string, WantedFile>();
  for (const { path, text } of files) byPath.set(path, { path, text: text || (byPath.get(path)?.text ?? false) });
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
