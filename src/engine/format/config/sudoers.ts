/** One line of sudoers(5) that gives rights, with continuations joined. */
interface SudoRule {
  /** Who: a user, `%group`, an alias. */
  who: string;
  /** `(ALL:ALL) NOPASSWD: /usr/bin/apt`. */
  commands: string;
  path: string;
  line: number;
}

export interface Sudoers {
  rules: SudoRule[];
  /** Of `Defaults` lines for everybody: `use_pty`, `!authenticate`, `logfile=/var/log/sudo.log`. */
  defaults: { setting: string; path: string; line: number }[];
  /** Of those for some: `scope` is `:ann`, `@host`, `!/usr/bin/apt`, `>root`. */
  scopedDefaults: { scope: string; setting: string; path: string; line: number }[];
}

/** Reads the files of sudoers, in their order: `/etc/sudoers`, then those of the folder that it includes. */
export function readSudoers(files: readonly { path: string; text: string }[]): Sudoers {
  const sudoers: Sudoers = { rules: [], defaults: [], scopedDefaults: [] };
  for (const { path, text } of files) {
    let joined = '';
    let start = 0;
    for (const [index, raw] of text.split('\n').entries()) {
      if (joined === '') start = index + 1;
      if (raw.endsWith('\\')) {
        joined += `${raw.slice(0, -1)} `;
        continue;
      }
      readLine(`${joined}${raw}`, path, start, sudoers);
      joined = '';
    }
    // The last line may end in a backslash too.
    if (joined !== '') readLine(joined, path, start, sudoers);
  }
  return sudoers;
}

function readLine(raw: string, path: string, line: number, { rules, defaults, scopedDefaults }: Sudoers): void {
  // "#" begins a comment, but for a user's number.
  const text = raw.replace(/(^|[^\\])#(?!\d).*$/, '$1').trim();
  if (text === '' || text.startsWith('@include') || /^(?:User|Runas|Host|Cmnd|Cmd)_Alias\b/.test(text)) return;
  const [, scope, settings] = /^Defaults(\S*)\s+(.*)$/.exec(text) ?? [];
  if (settings !== undefined) {
    for (const one of split(settings)) {
      const setting = one.replace(/^!\s+/, '!').replace(/\s*=\s*/, '=');
      if (scope === '') defaults.push({ setting, path, line });
      else scopedDefaults.push({ scope: scope ?? '', setting, path, line });
    }
    return;
  }
  const [, who, commands] = /^((?:\\.|"[^"]*"|[^\s=])+)\s+[^=]+=\s*(.*)$/.exec(text) ?? [];
  if (who !== undefined && commands !== undefined) rules.push({ who, commands, path, line });
}

function split(settings: string): string[] {
  return [...settings.matchAll(/(?:"[^"]*"|[^,"])+/g)].map(([text]) => text.trim()).filter((text) => text !== '');
}
