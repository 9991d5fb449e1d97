/** What sshd_config(5) sets, as sshd reads it: the first value of a keyword counts, keywords without regard to case. */
export interface SshdConfig {
  /** By keyword in lower case: what holds for everybody. */
  global: ReadonlyMap<string, SshdSetting>;
  /** Settings within `Match`, which hold for some. */
  matched: readonly (SshdSetting & { keyword: string; match: string })[];
}

interface SshdSetting {
  value: string;
  /** The file that has it. */
  path: string;
  line: number;
}

/** sshd refuses deeper nesting itself. */
const MAX_DEPTH = 16;

/**
 * Reads sshd_config with what it includes.
 *
 * @param textOf what a file says; null where it is not there
 * @param matching paths of files that a pattern of `Include` names, sorted
 */
export function readSshdConfig(
  path: string,
  textOf: (path: string) => string | null,
  matching: (pattern: string) => string[],
): SshdConfig {
  const global = new Map<string, SshdSetting>();
  const matched: (SshdSetting & { keyword: string; match: string })[] = [];
  const read = (file: string, match: string | null, depth: number): void => {
    let within = match;
    for (const [index, raw] of (textOf(file) ?? '').split('\n').entries()) {
      const [, keyword = '', value = ''] = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(raw) ?? [];
      const word = keyword.toLowerCase();
      if (word === '') continue;
      if (word === 'match') within = value.toLowerCase() === 'all' ? null : value;
      else if (word === 'include') {
        // A file that is included within a Match holds for it alone.
        if (depth < MAX_DEPTH)
          for (const pattern of words(value))
            for (const name of matching(absolute(pattern))) read(name, within, depth + 1);
      } else if (within === null) {
        if (!global.has(word)) global.set(word, { value: unquoted(value), path: file, line: index + 1 });
      } else matched.push({ keyword: word, match: within, value: unquoted(value), path: file, line: index + 1 });
    }
  };
  read(path, null, 0);
  return { global, matched };
}

function absolute(pattern: string): string {
  return pattern.startsWith('/') ? pattern : `/etc/ssh/${pattern}`;
}

function words(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

function unquoted(value: string): string {
  const bare = value.replace(/\s+#.*$/, '');
  return /^"[^"]*"$/.test(bare) ? bare.slice(1, -1) : bare;
}
