import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { MAX_SECRETS_PER_FILE, SecretScanner } from './secret-scanner.js';

const KEY = Buffer.from('a key');
const scanner = new SecretScanner(KEY);

// Invented, and put together here: a file with tokens in it is taken for a leak.
const BODY = 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zC5fL7';
const PAT = `gh${'p'}_${BODY}`;
const PEM = ['-----BEGIN ', 'RSA PRIVATE KEY-----\n', `${BODY}\n`.repeat(40), '-----END RSA PRIVATE KEY-----\n'].join(
  '',
);

function scan(content: string | Buffer, path = 'srv/app/file', pieces: number[] = []) {
  const bytes = Buffer.from(content);
  scanner.begin(path);
  let from = 0;
  for (const size of pieces) {
    // The piece is gone after the call.
    const piece = Buffer.from(bytes.subarray(from, from + size));
    scanner.write(piece);
    piece.fill(0);
    from += size;
  }
  scanner.write(bytes.subarray(Math.min(from, bytes.length)));
  return scanner.end();
}
const lines = (content: string | Buffer, path?: string) =>
  scan(content, path).map(({ ruleId, line }) => `${ruleId} ${line}`);

describe('a secret that was found', () => {
  it('comes with its rule, its line, a hint and a hash', () => {
    expect(scan(`# one\n\n  token: "${PAT}"\n`)).toEqual([
      {
        ruleId: 'github-pat',
        line: 3,
        hint: 'ghp_… (40 characters)',
        hash: createHmac('sha256', KEY).update(PAT).digest('hex'),
      },
    ]);
  });

  it('has the same hash wherever it is, and another one with another key', () => {
    const [first] = scan(`a ${PAT}`);
    const [second] = scan(`token=${PAT}\n`, 'other/path');
    const [third] = new SecretScanner(Buffer.from('another key')).scanText(PAT, 'x');
    expect(second?.hash).toBe(first?.hash);
    expect(third?.hash).not.toBe(first?.hash);
  });

  it('is never shown', () => {
    const characters = fc.constantFrom(...'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789/+_-é');
    const value = fc.string({ unit: characters, minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(value, (secret) => {
        const texts = [
          `client_secret = "${secret}"`,
          `curl -u robot:'${secret}' x`,
          `${PAT}${secret}`,
          `key:${secret}`,
        ];
        for (const text of texts) {
          for (const match of scan(text)) {
            const shown = JSON.stringify(match).replace(match.hash, '');
            for (let at = 0; at + 5 <= secret.length; at += 1) expect(shown).not.toContain(secret.slice(at, at + 5));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('shows nothing of a value that is short', () => {
    const [match] = scan(`curl -u ab:S3cr3tPa x`);
    expect(match?.hint).toBe('… (11 characters)');
  });

  it('is told of by the rule that knows it, not by the generic one too', () => {
    expect(lines(`api_token = "${PAT}"`)).toEqual(['github-pat 1']);
    expect(lines(`api_token = "${PAT}"\napi_token = "${BODY}"`)).toEqual(['github-pat 1', 'generic-api-key 2']);
  });

  it('is told of once for each line that it is on', () => {
    expect(lines(`${PAT} ${PAT}\n${PAT}\n`)).toEqual(['github-pat 1', 'github-pat 2']);
  });

  it('may be allowed by a comment on its line', () => {
    expect(lines(`${PAT} # gitleaks:allow\n${PAT}\n`)).toEqual(['github-pat 2']);
    expect(lines(`# gitleaks:allow\n${PAT}`)).toEqual(['github-pat 2']);
    expect(lines(`${PEM.trim()} // gitleaks:allow`)).toEqual([]);
  });
});

describe('a file', () => {
  it('of more secrets than are told of says so', () => {
    const file = Array.from({ length: 500 }, (_, i) => `gh${'p'}_${BODY.slice(0, 33)}${100 + i}\n`).join('');
    expect(scan(file)).toHaveLength(MAX_SECRETS_PER_FILE);
    expect(scanner.cutShort).toBe('matches');
    scan('nothing');
    expect(scanner.cutShort).toBeNull();
  });

  it('is text unless a NUL is among its first 8 KiB', () => {
    expect(lines(`\0${PAT}`)).toEqual([]);
    expect(lines(`${'x'.repeat(8191)}\0 ${PAT}`)).toEqual([]);
    expect(lines(`${'x'.repeat(8192)}\0 ${PAT}`)).toEqual(['github-pat 1']);
    expect(lines('')).toEqual([]);
  });

  it.each(['utf16le', 'utf16be'])('may be in %s with a byte order mark', (encoding) => {
    const bytes = Buffer.from(`\ufeffpässword\n${PAT}\n`, 'utf16le');
    if (encoding === 'utf16be') bytes.swap16();
    expect(lines(bytes)).toEqual(['github-pat 2']);
    expect(scan(bytes, 'x', [1, 1, 1, 5])).toEqual(scan(bytes));
  });

  it('that is a key store is a secret itself, whatever it holds', () => {
    const content = Buffer.from([0x30, 0x82, 0, 1]);
    const hash = createHmac('sha256', KEY).update(content).digest('hex');
    const expected = [{ ruleId: 'pkcs12-file', line: 1, hint: '… (4 bytes)', hash }];
    expect(scan(content, 'etc/ssl/a.pfx')).toEqual(expected);
    expect(scan(content, 'etc/ssl/a.pfx', [1, 2])).toEqual(expected);
    expect(scan(content, 'etc/ssl/pfx')).toEqual([]);
  });

  it('of one line of many megabytes is looked at to its end', () => {
    const filler = 'function(e,t){return e.key=t.api||"x",n(7)};'.repeat(25_000);
    const file = `${filler}${PAT};${filler}${PAT.replace('aB', 'Ab')};${filler}`;
    expect(scan(file).map(({ line }) => line)).toEqual([1, 1]);
  });

  it.each([0, 1, 7, 1000, 64 * 1024])('has right line numbers however long it is, %i bytes more', (more) => {
    const before = `${'x'.repeat(more)}${'a line\n'.repeat(50_000)}`;
    expect(lines(`${before}${PAT}\n${before}\n${PEM}`)).toEqual(['github-pat 50001', 'private-key 100003']);
  });

  it('may hold a private key that is longer than what is looked at together', () => {
    const armour = `-----BEGIN PGP ${'PRIVATE'} KEY BLOCK-----\n\n${`${BODY}${BODY.slice(0, 28)}\n`.repeat(3000)}`;
    expect(lines(`${'x\n'.repeat(9)}${armour}-----END PGP ${'PRIVATE'} KEY BLOCK-----\n`)).toEqual(['private-key 10']);
  });

  it('gives the same whichever way it is cut into pieces', () => {
    const part = fc.constantFrom(
      PAT,
      PEM,
      '\n',
      'x'.repeat(40_000),
      `api_key = "${BODY}"\n`,
      '-----BEGIN ',
      'é',
      `curl -H `,
    );
    const file = fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''));
    const pieces = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 200_000 })));
    fc.assert(
      fc.property(file, pieces, (content, sizes) => {
        expect(scan(content, 'srv/file', sizes)).toEqual(scan(content));
      }),
      { numRuns: 150 },
    );
  });

  it('that holds a secret anywhere, even where a window ends, is found', () => {
    const filler = Buffer.alloc(300_000, 'lorem ipsum dolor\n');
    for (let at = 62_000; at < 125_000; at += 531) {
      const file = Buffer.from(filler);
      file.write(`\n${PAT}\n`, at);
      expect(lines(file), `at ${at}`).toHaveLength(1);
    }
  });
});

describe('text that is no file', () => {
  it('is looked at as a file would be', () => {
    expect(scanner.scanText(`GITHUB_TOKEN=${PAT}`, 'config/Env').map(({ ruleId }) => ruleId)).toEqual(['github-pat']);
    expect(scanner.scanText('PATH=/usr/bin', 'config/Env')).toEqual([]);
  });

  it('is no key store, whatever it is called', () => {
    expect(scanner.scanText('store=a', 'config.Labels.store.p12')).toEqual([]);
  });
});

describe('a file by its name', () => {
  it.each<[wanted: boolean, path: string]>([
    [true, 'etc/app/config.yaml'],
    [true, 'root/.git/config'],
    [true, 'app/.env'],
    [true, 'usr/lib/python3/dist-packages/x.py'],
    [false, 'usr/lib/python3.11/site-packages/x.py'],
    [false, 'app/node_modules/x/index.js'],
    [true, 'app/old_node_modules/x/index.js'],
    [false, 'app/package-lock.json'],
    [false, 'app/YARN.LOCK'],
    [false, 'go.sum'],
    [false, 'usr/share/icons/a.PNG'],
    [false, 'app/vendor/github.com/x/y.go'],
    [true, 'app/vendor/mine/y.go'],
    [false, 'srv/static/jquery-3.7.1.min.js'],
    [true, 'srv/static/app.min.js'],
    [false, 'usr/lib/x-1.2.dist-info/METADATA'],
  ])('is wanted: %s, %s', (wanted, path) => {
    expect(scanner.wants(path, 1)).toBe(wanted);
    expect(scanner.wants(path, 0)).toBe(false);
  });
});

describe('text that is made to cost time', () => {
  const MEGABYTE = 1024 * 1024;
  const fill = (text: string) => text.repeat(Math.ceil(MEGABYTE / text.length)).slice(0, MEGABYTE);

  it.each([
    ['headers of keys without an end', fill('-----BEGIN RSA PRIVATE KEY-----\n'), 'x'],
    ['commands without an option', fill('curl '), 'x'],
    ['commands with carriage returns', `curl ${fill('\r')}`, 'x'],
    [
      'commands, line breaks and an option',
      fill(`${'curl '.repeat(1600)}${'\r\n'.repeat(9)} -H 'Key: abcdefgh' `),
      'x',
    ],
    ['commands with half an option', fill('curl -u "a:'), 'x'],
    ['one long value behind many words', `${'key='.repeat(100)}${fill('aB3d')}`, 'x'],
    ['words and values of all lengths', fill('secretkeytoken=aB3dE5gH7/'), 'x'],
    ['prefixes of one rule', fill(`gl${'pat'}-`), 'x'],
    ['tokens that never end', fill('eyAAAAAAAAAAAAAAAAAAA.eyBBBBBBBBBBBBBBBBBBB.'), 'x'],
    [
      'manifests without entries',
      fill(`${'kind: secret '.repeat(15)}${'data:'.repeat(40)}${' '.repeat(5000)}`),
      'x.yaml',
    ],
    ['names of entries without values', fill(`kind: secret data: ${'a'.repeat(5000)}`), 'x.yaml'],
    ['passwords without an end', fill('<add key="Password" value="'), 'nuget.config'],
    ['names and values of recipes', fill('SRC LICENSE secret = "aB3dE5gH7jK9mN1pQ2r" '), 'x.inc'],
    ['digits near a keyword', `facebook sourcegraph ${fill('1234567890123456|')}`, 'x'],
    ['white space', fill('key \t\n'), 'x.yaml'],
  ])('is done with: %s', (_what, text, path) => {
    const start = process.cpuUsage();
    scan(text, path);
    // Microseconds: more than ten times of what any of them takes, and less than what grows with the square of the length.
    expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
  });

  it('is given up when it is nearly a secret all over, and that is said', () => {
    scan(fill(`gl${'pat'}-`));
    expect(scanner.cutShort).toBe('effort');
  });
});
