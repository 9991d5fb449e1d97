import type { HostFile } from '../../../../model/host/host-file.js';
import type { Severity } from '../../../../model/severity.js';
import { readSshdConfig, type SshdConfig } from '../../../format/config/sshd-config.js';
import { failIfAny, notApplicable, undetermined } from '../../control.js';
import { type HostControl, known, type WantedFile } from '../host-subject.js';

const MAIN = '/etc/ssh/sshd_config';
const INCLUDED = '/etc/ssh/sshd_config.d/';

export const SSHD_FILES: readonly WantedFile[] = [
  { path: MAIN, text: true },
  { path: `${INCLUDED}*.conf`, text: true },
];

/** A keyword of sshd_config(5): what it has to be, and what it is where nothing is said (OpenSSH 9). */
interface SshdRule {
  id: string;
  title: string;
  problem: string;
  keyword: string;
  byDefault: string;
  isRight(value: string): boolean;
  /** To set. */
  value: string;
  severity: Severity;
}

const no = (value: string) => value === 'no';
const atMost = (limit: number) => (value: string) => /^\d+$/.test(value) && Number(value) <= limit;
/** Ciphers and the like that are not to be used any more. */
const WEAK = {
  ciphers: /(?:^|,)(?:3des-cbc|aes\d+-cbc|arcfour\d*|blowfish-cbc|cast128-cbc|rijndael[^,]*)(?:,|$)/,
  macs: /(?:^|,)(?:hmac-md5[^,]*|hmac-sha1(?:-[^,]*)?|umac-64[^,]*|hmac-ripemd160[^,]*)(?:,|$)/,
  kex: /(?:^|,)(?:diffie-hellman-group1-sha1|diffie-hellman-group14-sha1|diffie-hellman-group-exchange-sha1)(?:,|$)/,
};

const RULES: readonly SshdRule[] = [
  {
    id: 'no-root-password-login',
    title: 'Root does not log in by a password',
    problem: 'Root may log in by a password',
    keyword: 'PermitRootLogin',
    byDefault: 'prohibit-password',
    isRight: (value) => value !== 'yes',
    value: 'no',
    severity: 'high',
  },
  {
    id: 'no-root-login',
    title: 'Root does not log in from elsewhere',
    problem: 'Root may log in from elsewhere',
    keyword: 'PermitRootLogin',
    byDefault: 'prohibit-password',
    isRight: no,
    value: 'no',
    severity: 'medium',
  },
  {
    id: 'no-password-login',
    title: 'People log in by keys, not by passwords',
    problem: 'People may log in by passwords',
    keyword: 'PasswordAuthentication',
    byDefault: 'yes',
    isRight: no,
    value: 'no',
    severity: 'medium',
  },
  {
    id: 'no-empty-passwords',
    title: 'Nobody logs in by an empty password',
    problem: 'Somebody may log in by an empty password',
    keyword: 'PermitEmptyPasswords',
    byDefault: 'no',
    isRight: no,
    value: 'no',
    severity: 'critical',
  },
  {
    id: 'no-host-based-login',
    title: 'No other host vouches for its users',
    problem: 'Another host vouches for its users',
    keyword: 'HostbasedAuthentication',
    byDefault: 'no',
    isRight: no,
    value: 'no',
    severity: 'high',
  },
  {
    id: 'ignores-rhosts',
    title: 'Files of users let nobody in',
    problem: 'Files of users may let somebody in',
    keyword: 'IgnoreRhosts',
    byDefault: 'yes',
    isRight: (value) => value !== 'no',
    value: 'yes',
    severity: 'high',
  },
  {
    id: 'no-user-environment',
    title: 'Users do not set the environment of their login',
    problem: 'Users set the environment of their login',
    keyword: 'PermitUserEnvironment',
    byDefault: 'no',
    isRight: no,
    value: 'no',
    severity: 'medium',
  },
  {
    id: 'no-x11-forwarding',
    title: 'Windows are not forwarded',
    problem: 'Windows are forwarded',
    keyword: 'X11Forwarding',
    byDefault: 'no',
    isRight: no,
    value: 'no',
    severity: 'low',
  },
  {
    id: 'few-tries',
    title: 'A connection has 4 tries to log in at most',
    problem: 'A connection has many tries to log in',
    keyword: 'MaxAuthTries',
    byDefault: '6',
    isRight: atMost(4),
    value: '4',
    severity: 'low',
  },
  {
    id: 'short-grace',
    title: 'Who does not log in is cut off after a minute',
    problem: 'Who does not log in is not cut off',
    keyword: 'LoginGraceTime',
    byDefault: '120',
    isRight: (value) => seconds(value) > 0 && seconds(value) <= 60,
    value: '60',
    severity: 'low',
  },
  {
    id: 'log-level',
    title: 'Logins are logged',
    problem: 'Logins are not logged as they should be',
    keyword: 'LogLevel',
    byDefault: 'INFO',
    isRight: (value) => /^(?:INFO|VERBOSE)$/i.test(value),
    value: 'VERBOSE',
    severity: 'low',
  },
  {
    id: 'pam',
    title: 'Rules of PAM hold for logins',
    problem: 'Rules of PAM do not hold for logins',
    keyword: 'UsePAM',
    byDefault: 'no',
    isRight: (value) => value === 'yes',
    value: 'yes',
    severity: 'low',
  },
  {
    id: 'strong-ciphers',
    title: 'Connections are encrypted by strong ciphers',
    problem: 'Connections may be encrypted by weak ciphers',
    keyword: 'Ciphers',
    byDefault: '',
    isRight: (value) => isStrong(value, WEAK.ciphers),
    value: '-*-cbc',
    severity: 'medium',
  },
  {
    id: 'strong-macs',
    title: 'Connections are kept whole by strong codes',
    problem: 'Connections may be kept whole by weak codes',
    keyword: 'MACs',
    byDefault: '',
    isRight: (value) => isStrong(value, WEAK.macs),
    value: '-hmac-sha1*,hmac-md5*,umac-64*',
    severity: 'low',
  },
  {
    id: 'strong-key-exchange',
    title: 'Keys are agreed on by strong methods',
    problem: 'Keys may be agreed on by weak methods',
    keyword: 'KexAlgorithms',
    byDefault: '',
    isRight: (value) => isStrong(value, WEAK.kex),
    value: '-diffie-hellman-group14-sha1',
    severity: 'medium',
  },
];

/** How the SSH server of the host is set up. */
export const SSHD_CONTROLS: HostControl[] = RULES.map(
  ({ id, title, problem, keyword, byDefault, isRight, value, severity }) => ({
    id: `sshd-${id}`,
    title,
    problem,
    severity,
    looksAt: `\`${keyword}\` in \`${MAIN}\` and what it includes, within \`Match\` too; where nothing is said, OpenSSH’s default`,
    remediation: `Set "${keyword} ${value}" in ${MAIN}, and load it with systemctl reload ssh.`,
    opens: 'misconfiguration',
    restsOn: ['files'],
    judge: ({ facts }) => {
      const files = known(facts.files);
      const main = files.find(({ path }) => path === MAIN);
      if (!main) return notApplicable('There is no SSH server.');
      if (main.text === null) return undetermined(`${MAIN} could not be read.`);
      const settings = settingsOf(configOf(files), keyword.toLowerCase(), byDefault);
      return failIfAny(
        settings
          .filter((setting) => !isRight(setting.value))
          .map(({ value: actual, path, match }) => ({
            resource: match === null ? keyword : `Match ${match}`,
            path,
            value: `${keyword} ${actual}`,
          })),
        () => `Expected "${keyword} ${value}" or stricter.`,
        settings.map(({ value: actual }) => `${keyword} ${actual || 'as OpenSSH has it'}`).join(', '),
      );
    },
  }),
);

function configOf(files: readonly HostFile[]): SshdConfig {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const matching = (pattern: string) => {
    const [start = '', end = ''] = pattern.split('*');
    return [...texts.keys()]
      .filter((path) =>
        pattern.includes('*')
          ? path.startsWith(start) && path.endsWith(end) && path.length >= pattern.length - 1
          : path === pattern,
      )
      .sort();
  };
  return readSshdConfig(MAIN, (path) => texts.get(path) ?? null, matching);
}

function settingsOf({ global, matched }: SshdConfig, keyword: string, byDefault: string) {
  const everybody = global.get(keyword);
  return [
    { value: everybody?.value ?? byDefault, path: everybody?.path ?? MAIN, match: null as string | null },
    ...matched.filter((setting) => setting.keyword === keyword),
  ];
}

/** A list that begins with "-" takes away from the default, which is strong; with "+" or "^" it adds to it. */
function isStrong(value: string, weak: RegExp): boolean {
  return value === '' || value.startsWith('-') || !weak.test(value.replace(/^[+^]/, ''));
}

/** sshd_config(5), "TIME FORMATS": `2m`, `1h30m`, seconds. */
function seconds(text: string): number {
  const units: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
  const parts = [...text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)];
  return parts.reduce((sum, [, number = '0', unit = 's']) => sum + Number(number) * (units[unit || 's'] ?? 1), 0);
}
