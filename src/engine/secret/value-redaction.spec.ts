import { describe, expect, it } from 'vitest';
import { SecretScanner } from './secret-scanner.js';
import { ValueRedaction } from './value-redaction.js';

/** Put together here, so that no scanner takes this file for a leak. */
const TOKEN = ['ghp', 'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD3fG6'].join('_');
const WORD = ['hunter', '2'].join('');

const redaction = new ValueRedaction(new SecretScanner(Buffer.from('key')));

describe('an environment variable', () => {
  it.each<[name: string, value: string, rule: string | null]>([
    ['GITHUB', TOKEN, 'github-pat'],
    ['MYSQL_ROOT_PASSWORD', WORD, 'secret-by-name'],
    ['db.password', WORD, 'secret-by-name'],
    ['DB_PASS', WORD, 'secret-by-name'],
    ['API_KEY', WORD, 'secret-by-name'],
    ['jwtSecret', WORD, 'secret-by-name'],
    ['DATABASE_URL', `postgres://app:${WORD}@db:5432/app`, 'password-in-url'],
    ['URLS', `amqp://a@x,amqp://b:${WORD}@y`, 'password-in-url'],
    ['DB_PASSWORD', '', null],
    ['DB_PASSWORD_FILE', '/run/secrets/db', null],
    ['DB_PASSWORD', '/run/secrets/db', null],
    ['ALLOW_EMPTY_PASSWORD', 'yes', null],
    ['PASSWORD', '$DB_PASSWORD', null],
    ['PASSWORD_MIN_LENGTH', '12', null],
    ['TOKEN_TTL', '3600', null],
    ['COMPASS', 'north', null],
    ['GPG_KEY', 'A035C8C19219BA821ECEA86B64E628F8D684696D', null],
    ['PATH', '/usr/bin', null],
    ['URL', 'https://example.com/a:b@c', null],
    ['URL', 'https://user@example.com', null],
  ])('%s=%s is judged by %s', (name, value, rule) => {
    const found = redaction.environment(name, value);
    expect(found.map(({ ruleId }) => ruleId)).toEqual(rule === null ? [] : [rule]);
    if (value.length > 8) expect(JSON.stringify(found)).not.toContain(value);
  });
});

describe('the words of a command', () => {
  it.each<[string[], string[]]>([
    [
      ['serve', '--port', '80'],
      ['serve', '--port', '80'],
    ],
    [
      ['serve', '--password', WORD],
      ['serve', '--password', '[redacted]'],
    ],
    [
      ['serve', `--password=${WORD}`],
      ['serve', '--password=[redacted]'],
    ],
    [
      ['serve', '--password', '--verbose'],
      ['serve', '--password', '--verbose'],
    ],
    [
      ['sh', '-c', `API_TOKEN=${WORD} serve`],
      ['sh', '-c', 'API_TOKEN=[redacted] serve'],
    ],
    [
      ['sh', '-c', `serve --db-password ${WORD} -v`],
      ['sh', '-c', 'serve --db-password [redacted] -v'],
    ],
    [
      ['psql', `postgres://app:${WORD}@db/app`],
      ['psql', 'postgres://app:[redacted]@db/app'],
    ],
    [
      ['curl', '-H', `Authorization: token ${TOKEN}`],
      ['curl', '[redacted: it holds a secret]'],
    ],
    [[TOKEN], ['[redacted: it holds a secret]']],
    [[], []],
  ])('%j becomes %j', (words, clean) => {
    expect(redaction.words(words, 'command')).toEqual(clean);
  });
});

describe('a line', () => {
  it.each([
    [`login with password: ${WORD}`, 'login with password: [redacted]'],
    [`{"user":"bob","password":"${WORD}"}`, '{"user":"bob","password":"[redacted]"}'],
    [`GET /?access_token=${WORD}&x=1`, 'GET /?access_token=[redacted]&x=1'],
    ['Authorization: Bearer abcdefghijkl', 'Authorization: Bearer [redacted]'],
    [`push with ${TOKEN}`, 'push [redacted: it holds a secret]'],
    ['Failed password for root from 10.0.0.9', 'Failed password for root from 10.0.0.9'],
    ['nothing', 'nothing'],
  ])('%j becomes %j', (line, clean) => {
    expect(redaction.line(line, 'log')).toBe(clean);
  });

  it('is looked at in time that grows with its length', () => {
    const start = performance.now();
    for (const text of ['password', 'a-password_', 'x://', '--secret ', 'token='])
      redaction.line(text.repeat(16_384 / text.length), 'log');
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('labels and options', () => {
  it('lose what is secret, and are sorted', () => {
    const o = `username=app,password=${WORD},vers=3.0`;
    const clean = redaction.pairs({ o, 'splunk-token': WORD, device: '//nas/x', 'max-size': '1m' }, 'volumes');
    expect(Object.entries(clean)).toEqual([
      ['device', '//nas/x'],
      ['max-size', '1m'],
      ['o', 'username=app,password=[redacted],vers=3.0'],
      ['splunk-token', '[redacted: it holds a secret]'],
    ]);
  });
});
