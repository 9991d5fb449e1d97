import { counted, failIfAny } from '../control.js';
import { type Command, pipelinesOf } from './commands.js';
import { type ImageControl, onHistory, resourceOf } from './image-subject.js';
import type { Instruction } from './instruction.js';

export const UPDATE_CONTROLS: ImageControl[] = [
  {
    id: 'update-with-install',
    title: 'Package lists are updated in the RUN that installs from them',
    problem: 'Package lists are updated in a RUN that installs nothing',
    severity: 'medium',
    looksAt: 'RUN instructions of the history that call `apt-get update` and the like, and then install nothing',
    remediation:
      'Join the two: RUN apt-get update && apt-get install -y …. A layer of the update alone is taken from the build cache, so later builds install old packages.',
    opens: 'misconfiguration',
    restsOn: ['history'],
    judge: onHistory((steps) =>
      failIfAny(
        steps
          .flatMap((step) => ({ step, command: loneUpdate(step) }))
          .flatMap(({ step, command }) =>
            command === null ? [] : [{ resource: resourceOf(step), path: null, value: callOf(command) }],
          ),
        (count) => `${counted(count, 'RUN instruction')} only ${count === 1 ? 'updates' : 'update'} package lists.`,
        'Every update of package lists is followed by an installation.',
      ),
    ),
  },
];

/** By package manager: what fetches its lists, and what installs from them. */
const MANAGERS: Record<string, { update: RegExp; install: RegExp }> = {
  'apt-get': {
    update: /^update$/,
    install: /^(?:install|upgrade|dist-upgrade|full-upgrade|build-dep|source|download)$/,
  },
  apk: { update: /^update$/, install: /^(?:add|upgrade|fix|fetch)$/ },
  yum: {
    update: /^(?:update|makecache|check-update)$/,
    install: /^(?:install|upgrade|reinstall|localinstall|groupinstall|group|swap|module|update-minimal|distro-sync)$/,
  },
  zypper: { update: /^(?:refresh|ref)$/, install: /^(?:install|in|update|up|patch|dist-upgrade|dup)$/ },
  pacman: { update: /^-Syy?$/, install: /^(?:-S|-Su|-Sy+u|-Sy+uu|-U)\w*$/ },
};

const ALIASES: Record<string, string> = {
  apt: 'apt-get',
  aptitude: 'apt-get',
  dnf: 'yum',
  dnf5: 'yum',
  microdnf: 'yum',
  tdnf: 'yum',
};

/** The first update that no installation by the same manager follows. */
function loneUpdate({ keyword, text }: Instruction): Command | null {
  if (keyword !== 'RUN') return null;
  const waiting = new Map<string, Command>();
  for (const command of pipelinesOf(text).flat()) {
    const name = ALIASES[command.name] ?? command.name;
    const manager = Object.hasOwn(MANAGERS, name) ? MANAGERS[name] : undefined;
    const word = verbOf(command);
    if (!manager || word === null) continue;
    if (
      name === 'pacman' &&
      manager.update.test(word) &&
      command.arguments.some((argument) => !argument.startsWith('-'))
    ) {
      waiting.delete(name);
    } else if (manager.update.test(word)) waiting.set(name, command);
    else if (manager.install.test(word)) waiting.delete(name);
  }
  return [...waiting.values()][0] ?? null;
}

/** The first word that is no option; pacman's verbs are options. */
function verbOf({ name, arguments: words }: Command): string | null {
  if (name === 'pacman') return words.find((word) => /^-[SU]/.test(word)) ?? null;
  const takesValue = /^(?:-o|-c|-t|--option|--config-file|--repo|--repository|-X|-p|--root|--installroot)$/;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (takesValue.test(word)) at += 1;
    else if (!word.startsWith('-')) return word.replace(/[)}"'`]+$/, '');
  }
  return null;
}

/** Without arguments, which may hold what nobody should see. */
function callOf(command: Command): string {
  return `${command.name} ${verbOf(command) ?? ''}`;
}
