import { anyCase } from '../any-case.js';
import { ALPHANUMERIC, isOf } from '../byte-class.js';
import { openCurlHeader, openCurlUser } from '../passage/curl.js';
import { EMPTY_ENTRY, KubernetesSecretPassage, TWO_DOCUMENTS } from '../passage/kubernetes-secret.js';
import { PrivateKeyPassage } from '../passage/private-key.js';
import { anchored, assignment, cased, END, rule, SPACE } from '../rule-shape.js';
import type { SecretRule } from '../secret-rule.js';
import { CURL_ALLOWANCES, GENERIC_ALLOWANCES } from './placeholders.js';

const GENERIC_WORDS = ['access', 'auth', 'credential', 'creds', 'key', 'passwd', 'password', 'secret', 'token'];
const GENERIC_VALUE = String.raw`[\w.=-]{10,150}|[a-z0-9][a-z0-9+/]{11,}={0,3}`;

const JWT_PART = String.raw`[a-zA-Z0-9/\\_-]`;

/** How the header of a JWT goes on, in base64 of base64, behind `{"`: by the name of its first member. */
const JWT_MEMBERS = `
  aGJHY2lPaU aGNIVWlPaU aGNIWWlPaU aGRXUWlPaU aU5qUWlP amNtbDBJanBi amRIa2lPaU bGNHc2lPbn bGJtTWlPaU cWEzVWlPaU
  cWQyc2lPb cGMzTWlPaU cGRpSTZJ cmFXUWlP clpYbGZiM0J6SWpwY cmRIa2lPaUp dWIyNWpaU0k2 d01tTWlP d01uTWlPaU d2NIUWlPaU
  emRXSWlPaU emRuUWlP MFlXY2lPaU MGVYQWlPaUp MWNtd2l MWMyVWlPaUp MlpYSWlPaU MlpYSnphVzl1SWpv NElqb2 NE5XTWlP
  NE5YUWlPaU NE5YUWpVekkxTmlJNkl NE5YVWlPaU NmFYQWlPaU`
  .trim()
  .split(/\s+/);

/** Secrets of no vendor: keys, tokens and passwords by their form or by where they stand. */
export const CREDENTIAL_RULES: readonly SecretRule[] = [
  rule(
    'generic-api-key',
    'medium',
    'Value that looks like a key, token or password',
    [
      assignment(GENERIC_WORDS, GENERIC_VALUE, { isGeneric: true }),
      assignment(cased('api'), GENERIC_VALUE, { isGeneric: true }),
    ],
    { keywords: [...GENERIC_WORDS, 'api'], entropy: 3.5, allowances: GENERIC_ALLOWANCES },
  ),
  rule(
    'private-key',
    'critical',
    'Private key',
    [{ kind: 'passage', anchors: ['-----begin'], open: () => new PrivateKeyPassage() }],
    { keywords: ['-----begin'] },
  ),
  rule('pkcs12-file', 'high', 'PKCS #12 file, which may hold a private key', [{ kind: 'file' }], {
    path: /(?:^|\/)[^/]+\.p(?:12|fx)$/i,
  }),
  rule(
    'jwt',
    'high',
    'JSON Web Token',
    [
      anchored(
        ['.ey'],
        startOfWord,
        String.raw`\b(ey[a-zA-Z0-9]{17,}\.ey${JWT_PART}{17,}\.(?:${JWT_PART}{10,}={0,2})?)${END}`,
      ),
    ],
    { keywords: ['ey'], entropy: 3 },
  ),
  rule(
    'jwt-base64',
    'high',
    'JSON Web Token, encoded in base64',
    [anchored(['zxlk'], [0], String.raw`\bZXlK(${JWT_MEMBERS.join('|')})[a-zA-Z0-9/\\_+\-\r\n]{40,}={0,2}`)],
    { keywords: ['zxlk'], entropy: 2, identity: 'match' },
  ),
  rule(
    'curl-auth-header',
    'high',
    'Token in a curl command',
    [{ kind: 'passage', anchors: ['curl'], open: openCurlHeader }],
    { keywords: ['curl'], entropy: 2.75 },
  ),
  rule(
    'curl-auth-user',
    'high',
    'Name and password in a curl command',
    [{ kind: 'passage', anchors: ['curl'], open: openCurlUser }],
    { keywords: ['curl'], entropy: 2, allowances: CURL_ALLOWANCES },
  ),
  rule(
    'kubernetes-secret-yaml',
    'high',
    'Kubernetes Secret manifest with data',
    [{ kind: 'passage', anchors: ['kind:', 'data:'], open: () => new KubernetesSecretPassage() }],
    {
      keywords: ['secret'],
      path: /\.ya?ml$/i,
      allowances: [{ pattern: EMPTY_ENTRY }, { target: 'match', pattern: TWO_DOCUMENTS }],
    },
  ),
  rule(
    'nuget-config-password',
    'high',
    'Password in a NuGet configuration',
    [
      anchored(
        ['<add key='],
        [0],
        anyCase(`<add key="(?:ClearText)?Password"[${SPACE}]*value="([^\\n]{8,1024})"[${SPACE}]*/>`),
      ),
    ],
    {
      keywords: ['<add key='],
      path: /nuget\.config$/i,
      entropy: 1,
      // The first two are of the documentation; the last is a variable.
      allowances: [{ pattern: /33f!!lloppa|hal\+9ooo_da!sY|^%[^\t\n\f\r ].*%$/ }],
    },
  ),
];

/** A JWT begins where the letters and digits before its first dot do. */
function startOfWord(bytes: Uint8Array, dot: number): number {
  let start = dot;
  while (start > 0 && isOf(bytes[start - 1], ALPHANUMERIC)) start -= 1;
  return start;
}
