import { describe, expect, it } from 'vitest';
import type { ImageConfig } from '../../model/image-config.js';
import { REDACTED, takeConfigSecrets } from './config-secrets.js';
import { SecretScanner } from './secret-scanner.js';

/** Put together here, so that no scanner takes this file for a leak. */
const TOKEN = `ghp${'_'}${'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD3fG6'}`;

const CONFIG: ImageConfig = {
  architecture: 'amd64',
  os: 'linux',
  variant: null,
  created: null,
  author: null,
  user: '',
  env: ['PATH=/bin'],
  exposedPorts: [],
  volumes: [],
  entrypoint: ['/app', '--serve'],
  cmd: [],
  workingDir: '/',
  labels: { team: 'payments' },
  stopSignal: null,
  shell: null,
  healthcheck: null,
  diffIds: [],
  history: [{ created: null, createdBy: 'RUN /bin/sh -c make # buildkit', comment: null, emptyLayer: false }],
};

const take = (more: Partial<ImageConfig>) =>
  takeConfigSecrets({ ...CONFIG, ...more }, new SecretScanner(Buffer.alloc(32, 7)));

describe('takeConfigSecrets', () => {
  it('leaves a configuration without secrets as it is', () => {
    expect(take({})).toEqual({ config: CONFIG, secrets: [] });
  });

  it('takes them from wherever they are, and says where that was', () => {
    const history = [
      `RUN /bin/sh -c git clone https://${TOKEN}@github.com/a/b # buildkit`,
      'CMD ["x"]',
      `ARG T=${TOKEN}`,
    ];
    const { config, secrets } = take({
      env: ['PATH=/bin', `DEPLOY=${TOKEN}`],
      cmd: ['--with', TOKEN],
      labels: { team: 'payments', note: TOKEN },
      healthcheck: { test: ['CMD-SHELL', `curl -H "x: ${TOKEN}" localhost`] },
      history: history.map((createdBy) => ({ created: null, createdBy, comment: null, emptyLayer: true })),
    });
    expect(JSON.stringify([config, secrets])).not.toContain(TOKEN.slice(5));
    expect(config).toMatchObject({
      env: ['PATH=/bin', `DEPLOY=${REDACTED}`],
      cmd: [REDACTED],
      labels: { team: 'payments', note: REDACTED },
      healthcheck: { test: [REDACTED] },
      history: [{ createdBy: `RUN ${REDACTED}` }, { createdBy: 'CMD ["x"]' }, { createdBy: `ARG ${REDACTED}` }],
    });
    expect(secrets.map(({ path, ruleId }) => `${path} ${ruleId}`)).toEqual([
      'config.Env.DEPLOY github-pat',
      'config.Cmd github-pat',
      'config.Labels.note github-pat',
      'config.Healthcheck github-pat',
      'history.0 github-pat',
      'history.2 github-pat',
    ]);
  });
});
