import { describe, expect, it } from 'vitest';
import type { FoundSecret } from '../../model/secret.js';
import { judgeSecrets } from './judge-secrets.js';

const secret = (more: Partial<FoundSecret> = {}): FoundSecret => ({
  ruleId: 'private-key',
  path: '/srv/key.pem',
  line: 1,
  layer: 'sha256:a',
  hint: '----… (1704 characters)',
  hash: 'aa',
  ...more,
});
const print = (more: Partial<FoundSecret>) => judgeSecrets([secret(more)])[0]?.fingerprint;

describe('judgeSecrets', () => {
  it('tells where a secret is, and not what it is', () => {
    expect(judgeSecrets([secret()])).toMatchObject([
      {
        kind: 'secret',
        ruleId: 'private-key',
        status: 'open',
        package: null,
        location: { path: '/srv/key.pem', line: 1, layer: 'sha256:a', resource: null },
      },
    ]);
    expect(judgeSecrets([secret()])[0]?.title).toContain('----… (1704 characters)');
  });

  it('takes a secret for the same in another line and layer, and for another with another value, file or rule', () => {
    expect(print({ line: 9, layer: 'sha256:b' })).toBe(print({}));
    for (const more of [{ hash: 'bb' }, { path: '/x' }, { ruleId: 'github-pat' }]) {
      expect(print(more)).not.toBe(print({}));
    }
  });

  it('passes over a rule that is there no more', () => {
    expect(judgeSecrets([secret({ ruleId: 'gone' })])).toEqual([]);
  });
});
