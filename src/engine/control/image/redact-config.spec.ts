import { describe, expect, it } from 'vitest';
import { SILENT_CONFIG } from '../../../../test/support/image-config.js';
import fc from '../../../../test/support/property.js';
import { withoutSecrets } from './redact-config.js';
import { isLiteral, isSecretName } from './secret-name.js';

const step = (createdBy: string) =>
  withoutSecrets({ ...SILENT_CONFIG, history: [{ created: null, createdBy, comment: null, emptyLayer: false }] })
    .history[0]?.createdBy;

describe('a secret name', () => {
  it.each([
    ...[
      'DB_PASSWORD',
      'PASSWORD',
      'password',
      'MYSQL_ROOT_PASSWORD',
      'DB_PASS',
      'DB_PWD',
      'API_KEY',
      'apiKey',
      'APIKEY',
    ],
    ...['GITHUB_TOKEN', 'githubToken', 'npm_token', 'AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'SECRET_KEY_BASE'],
    ...['CLIENT_SECRET', 'JWT_SECRET', 'PRIVATE_KEY', 'SSH_PRIVATE_KEY', 'APP_KEY', 'ENCRYPTION_KEY', 'GITLAB_PAT'],
    ...['GOOGLE_CREDENTIALS', 'KEYSTORE_PASSPHRASE', 'PGPASSWORD', 'azure.client-secret', 'STORAGE_ACCOUNT_KEY'],
  ])('%s', (name) => expect(isSecretName(name)).toBe(true));

  it.each([
    ...['PATH', 'PWD', 'OLDPWD', 'GPG_KEY', 'GPG_KEYS', 'PUBLIC_KEY', 'KEY', 'KEYBOARD', 'BYPASS', 'COMPASS_URL'],
    ...['POSTGRES_PASSWORD_FILE', 'TOKEN_URL', 'SECRET_NAME', 'PASSWORD_MIN_LENGTH', 'TOKENIZERS_PARALLELISM'],
    ...['MAX_TOKENS', 'TOKEN_TTL', 'PASSWORD_HASHER', 'SECRETS_DIR', 'NODE_VERSION', 'PYTHON_SHA256', ''],
  ])('is not %s', (name) => expect(isSecretName(name)).toBe(false));

  it.each(['hunter2', "'x y'", 'pa$$', '$ecret!', 'true-ish', '/9j/4AAQSkZJRg=='])('%s is a literal', (value) => {
    expect(isLiteral(value)).toBe(true);
  });
  it.each([
    '',
    '  ',
    '""',
    '$A',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's
    '${A:-b}',
    '$(cat /x)',
    '`cat x`',
    'true',
    'no',
    'null',
    '***',
    '<secret>',
    '/run/secrets/db',
  ])('%s is none', (value) => expect(isLiteral(value)).toBe(false));
});

describe('a configuration that is kept', () => {
  it.each([
    ['ENV DB_PASSWORD=hunter2', 'ENV DB_PASSWORD=[redacted]'],
    ['ENV A=1 DB_PASSWORD=two words B=2', 'ENV A=1 DB_PASSWORD=[redacted] B=2'],
    ['/bin/sh -c #(nop)  ENV DB_PASSWORD hunter2', '/bin/sh -c #(nop)  ENV DB_PASSWORD [redacted]'],
    ['ARG NPM_TOKEN=npm_abc', 'ARG NPM_TOKEN=[redacted]'],
    [
      'RUN |1 NPM_TOKEN=npm_abc /bin/sh -c npm ci # buildkit',
      'RUN |1 NPM_TOKEN=[redacted] /bin/sh -c npm ci # buildkit',
    ],
    ['RUN /bin/sh -c TOKEN=abc make # buildkit', 'RUN /bin/sh -c TOKEN=[redacted] make # buildkit'],
    ['RUN mysql --password=abc -e x', 'RUN mysql --password=[redacted] -e x'],
    ['RUN login --password "a b" x', 'RUN login --password [redacted] x'],
    ['RUN git clone https://me:tok@github.com/a/b', 'RUN git clone https://me:[redacted]@github.com/a/b'],
    ['RUN curl https://x/?access_token=abc&b=1', 'RUN curl https://x/?access_token=[redacted]&b=1'],
    ['RUN make --verbose --token abc', 'RUN make --verbose --token [redacted]'],
    ['RUN curl -H x --env PASSWORD=abc', 'RUN curl -H x --env PASSWORD=[redacted]'],
    // Nothing to hide.
    ['RUN login --password --user x', 'RUN login --password --user x'],
    ['RUN --mount=type=secret,id=token make', 'RUN --mount=type=secret,id=token make'],
    ['RUN TOKEN=$TOKEN make', 'RUN TOKEN=$TOKEN make'],
    ['RUN TOKEN=$(cat /run/secrets/token) make', 'RUN TOKEN=$(cat /run/secrets/token) make'],
    ['ENV PATH=/usr/bin', 'ENV PATH=/usr/bin'],
  ])('has instead of %s: %s', (createdBy, expected) => {
    expect(step(createdBy)).toBe(expected);
  });

  it('has no secret in variables, labels and commands', () => {
    const kept = withoutSecrets({
      ...SILENT_CONFIG,
      env: ['PATH=/bin', 'API_KEY=abc', 'API_KEY_FILE=/x/y', 'URL=postgres://u:pw@db/x', 'odd', 'EMPTY_TOKEN='],
      labels: { 'build.token': 'abc', version: '1' },
      cmd: ['run', '--api-key=abc'],
      healthcheck: { test: ['CMD-SHELL', 'curl http://u:pw@localhost/'] },
    });
    expect(kept.env).toEqual([
      'PATH=/bin',
      'API_KEY=[redacted]',
      'API_KEY_FILE=/x/y',
      'URL=postgres://u:[redacted]@db/x',
      'odd',
      'EMPTY_TOKEN=',
    ]);
    expect(kept.labels).toEqual({ 'build.token': '[redacted]', version: '1' });
    expect(kept.cmd).toEqual(['run', '--api-key=[redacted]']);
    expect(kept.healthcheck?.test[1]).toBe('curl http://u:[redacted]@localhost/');
  });

  it('stays the same when what stands for a value joins others to a longer one', () => {
    const once = step('ENV A_TOKEN=--password "A_TOKEN="') ?? '';
    expect(once).toContain('[redacted]');
    expect(step(once)).toBe(once);
  });

  it('stays the same when it is redacted again, whatever it says', () => {
    const words = fc.constantFrom(
      'ENV ',
      'RUN ',
      'A_TOKEN=',
      '--password ',
      '|1 ',
      ' ',
      'x',
      '"',
      "'",
      '$',
      '=',
      ' # buildkit',
    );
    const texts = fc.array(words, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (createdBy) => {
        const once = step(createdBy) ?? '';
        expect(step(once)).toBe(once);
      }),
    );
  });

  it('takes no long time, whatever it says', () => {
    const started = performance.now();
    for (const piece of ['A_TOKEN=', '--password ', 'a://b:c', '"', 'A=" ', '--a-', 'x://u:', 'A.A-', '  ']) {
      step(`RUN ${piece.repeat(Math.floor(64_000 / piece.length))}`);
      step(`ENV ${piece.repeat(Math.floor(64_000 / piece.length))}`);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
