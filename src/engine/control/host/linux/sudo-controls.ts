import type { HostFile } from '../../../../model/host/host-file.js';
import { readSudoers, type Sudoers } from '../../../format/config/sudoers.js';
import { counted, fail, failIfAny, notApplicable, pass, undetermined, type Verdict } from '../../control.js';
import { type HostControl, known, type WantedFile } from '../host-subject.js';

export const SUDO_FILES: readonly WantedFile[] = [
  { path: '/etc/sudoers', text: true },
  { path: '/etc/sudoers.d/*', text: true },
];

const SUDO = { opens: 'misconfiguration', restsOn: ['files'] } satisfies Partial<HostControl>;

/** Who may become root by sudo, and how. */
export const SUDO_CONTROLS: HostControl[] = [
  {
    ...SUDO,
    id: 'sudo-asks-for-password',
    title: 'sudo asks for a password',
    problem: 'sudo gives rights without asking for a password',
    severity: 'medium',
    looksAt: '`NOPASSWD` and `!authenticate` in /etc/sudoers and /etc/sudoers.d',
    remediation: 'Take NOPASSWD and !authenticate out (visudo), but for single commands that programs need.',
    judge: onSudoers(({ rules, defaults, scopedDefaults }) => {
      const open = [
        ...rules
          .filter(({ commands }) => /\bNOPASSWD\s*:/.test(commands))
          .map(({ who, commands, path }) => ({ resource: who, path, value: commands })),
        ...defaults
          .filter(({ setting }) => setting === '!authenticate')
          .map(({ setting, path }) => ({ resource: 'Defaults', path, value: setting })),
        ...scopedDefaults
          .filter(({ setting }) => setting === '!authenticate')
          .map(({ scope, setting, path }) => ({ resource: `Defaults${scope}`, path, value: setting })),
      ];
      return failIfAny(open, (count) => `${counted(count, 'rule')} ask for none.`, 'Every rule asks for one.');
    }),
  },
  {
    ...SUDO,
    id: 'sudo-named-commands',
    title: 'Only administrators may run everything as root',
    problem: 'Somebody may run everything as root',
    severity: 'medium',
    looksAt:
      'rules for `ALL` commands whose user is neither root nor a group of administrators (`%sudo`, `%wheel`, `%admin`)',
    remediation: 'Name the commands in place of ALL (visudo), or put the user into the group of administrators.',
    judge: onSudoers(({ rules }) =>
      failIfAny(
        rules
          .filter(
            ({ who, commands }) =>
              !/^(?:root|%(?:sudo|wheel|admin))$/.test(who) &&
              /(?:^|[\s:,)])ALL\s*(?:,|$)/.test(commands.replace(/^\([^)]*\)/, '')),
          )
          .map(({ who, commands, path }) => ({ resource: who, path, value: commands })),
        (count) => `${counted(count, 'rule')} give everything.`,
        'None but the administrators’.',
      ),
    ),
  },
  {
    ...SUDO,
    id: 'sudo-use-pty',
    title: 'Commands of sudo run on a terminal of their own',
    problem: 'Commands of sudo run on the terminal of who asks',
    severity: 'low',
    looksAt: '`Defaults use_pty`',
    remediation: 'Put "Defaults use_pty" into /etc/sudoers (visudo).',
    judge: onSudoers(({ defaults }) =>
      defaults.findLast(({ setting }) => /^!?use_pty$/.test(setting))?.setting === 'use_pty'
        ? pass('They do.')
        : fail('A program that was started may put words into the terminal.', [
            { resource: 'Defaults', path: '/etc/sudoers', value: 'use_pty is not set' },
          ]),
    ),
  },
  {
    ...SUDO,
    id: 'sudo-log-file',
    title: 'sudo keeps a log of its own',
    problem: 'sudo keeps no log of its own',
    severity: 'low',
    looksAt: '`Defaults logfile`',
    remediation: 'Put "Defaults logfile=/var/log/sudo.log" into /etc/sudoers (visudo).',
    judge: onSudoers(({ defaults }) =>
      defaults.findLast(({ setting }) => /^!?logfile\b/.test(setting))?.setting.startsWith('logfile=')
        ? pass('It does.')
        : fail('What was done with it is only in the log of the system.', [
            { resource: 'Defaults', path: '/etc/sudoers', value: 'logfile is not set' },
          ]),
    ),
  },
];

function onSudoers(judge: (sudoers: Sudoers) => Verdict): HostControl['judge'] {
  return ({ facts }) => {
    const files = known(facts.files)
      .filter(isSudoers)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    if (!files.some(({ path }) => path === '/etc/sudoers')) return notApplicable('There is no sudo.');
    const unread = files.find(({ text }) => text === null);
    if (unread) return undetermined(`${unread.path} could not be read.`);
    return judge(readSudoers(files.map(({ path, text }) => ({ path, text: text ?? '' }))));
  };
}

/** sudoers(5), `@includedir`: names with a dot, or a tilde at the end, are left out. */
function isSudoers({ path, type }: HostFile): boolean {
  if (path === '/etc/sudoers') return true;
  return (
    type !== 'directory' &&
    path.startsWith('/etc/sudoers.d/') &&
    !/[.].*$|~$/.test(path.slice('/etc/sudoers.d/'.length))
  );
}
