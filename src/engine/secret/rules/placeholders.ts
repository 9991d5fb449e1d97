import { anyCase } from '../any-case.js';
import { LiteralFinder } from '../literal-finder.js';
import type { Allowance } from '../secret-rule.js';
import { PLACEHOLDER_WORDS } from './placeholder-words.js';

/** Values that are no secret by whichever rule they are found: names of variables, formats, paths, examples. */
export const PLACEHOLDERS: readonly Allowance[] = [
  {
    pattern: either('i', [
      // Words that stand for no value.
      '^true',
      'false',
      'null$',
      // One character again and again.
      String.raw`^([a-z*.])\1*$`,
      // $1 ${1} $NAME ${NAME} {{ name }} ${{ secrets.NAME }} %NAME% %s {0} @NAME@
      String.raw`^\$(?:\d+|\{\d+\})$`,
      String.raw`^\$[a-z_]+$`,
      String.raw`^\$\{[a-z_]+\}$`,
      String.raw`^\{\{[ \t]*[\w ().|]+[ \t]*\}\}$`,
      String.raw`^\$\{\{[ \t]*(?:env|github|secrets|vars)(?:\.[a-z]\w+)+[\w "'&./=|]*[ \t]*\}\}$`,
      '^%[a-z_]+%$',
      String.raw`^%[+\-# 0]?[bcdefgopqstuvx]$`,
      String.raw`^\{\d{0,2}\}$`,
      '^@[a-z_]+@$',
      // Paths.
      String.raw`^/Users/[a-z0-9]+/[\w ./]+$`,
      String.raw`^/(?:bin|etc|home|opt|tmp|usr|var)/[\w ./-]+$`,
    ]),
  },
  { pattern: /014df517-39d1-4453-b7b3-9930c563627c|abcdefghijklmnopqrstuvwxyz/i },
];

/** What a name and its value are where they are no secret. Between two words stands `_`, `.`, `-` or nothing. */
const NAMES = [
  'access(?:ibility|or)',
  'access~id',
  'random~access',
  'api~(?:id|name|version)',
  'rapid',
  'capital',
  '(?<=api[a-z0-9-]*):jar:',
  'author',
  'X-MS-Exchange-Organization-Auth',
  'Authentication-Results',
  'credentials?~id',
  'withCredentials',
  '(?:bucket|foreign|hot|idx|natural|primary|pub(?:lic)?|schema|sequence)~key',
  'turkey',
  'key~(?:alias|board|code|frame|id|length|mesh|name|pair|press|ring|selector|signature|size|stone|storetype|word)',
  'key~(?:up|down|left|right)',
  'key~vault~(?:id|name)',
  'keyVaultToStoreSecrets',
  'key(?:store|tab)~(?:file|path)',
  'issuerkeyhash',
  'keying',
  'secret~(?:length|name|size)',
  'UserSecretsId',
  'csrf~token',
  String.raw`io\.jsonwebtoken[ \t]?:[ \t]?[\w-]`,
  '(?:api|credentials|token)~(?:endpoint|ur[il])',
  'public~token',
  '(?:key|token)~file',
].map((name) => anyCase(name.replaceAll('~', '[_.-]?')));

/** The same, of this case alone. The last are names without values, in lines on top of each other. */
const EXACT_NAMES = [
  '[DdMm]onkey|[DM]ONKEY',
  String.raw`(?:[A-Z_]=\n[A-Z_]+=|[a-z_]=\n[a-z_]+=|[A-Z.]=\n[A-Z.]+=|[a-z.]=\n[a-z.]+=)(?:\n|$)`,
];

const WORDS = new LiteralFinder(PLACEHOLDER_WORDS.map((text) => ({ text })));

/** For the rule that takes any value behind any word as "key" or "token". */
export const GENERIC_ALLOWANCES: readonly Allowance[] = [
  { pattern: /^[a-zA-Z_.-]+$/ },
  { target: 'match', pattern: either('', [...NAMES, ...EXACT_NAMES]) },
  { isKnown: (value) => WORDS.isIn(value) },
  {
    target: 'line',
    pattern: /--mount=type=secret,|import[ \t]+\{[ \t\w,]+\}[ \t]+from[ \t]+['"][^'"]+['"]/,
  },
  // Checksums in recipes of Yocto. The lookbehinds go no further than to the equals sign before.
  {
    all: true,
    paths: /\.(?:bb|bbappend|bbclass|inc)$/,
    target: 'line',
    pattern: /(?<=LICENSE[^=]*|LIC_FILES_CHKSUM[^=]*)=[\t\n\f\r ]*"[^"]|(?<=SRC[^=]*)=[\t\n\f\r ]*"[a-zA-Z0-9]/,
  },
];

/** Names and passwords for `curl` that documentation has. The bounds are for time. */
export const CURL_ALLOWANCES: readonly Allowance[] = [
  {
    pattern: either('', [
      String.raw`[^:]:(?:change(?:it|me)|pass|pwd|test|token|\*|x)`,
      `<[^>]{1,256}>['"]?:['"]?<[^>]{1,256}>`,
      '<[^:]{1,256}:[^>]{1,256}>',
      String.raw`[^:]:\[[^\]]{1,256}\]`,
      String.raw`[^:]:['"]?\$(?:\w|\{\w{1,256}\})`,
      String.raw`\$\([^)]{1,256}\):\$\([^)]{1,256}\)`,
      String.raw`\{\{[^}]{1,256}\}\}['"]?:['"]?\$?\{\{[^}]{1,256}\}\}`,
    ]),
  },
];

function either(flags: '' | 'i', patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'), flags);
}
