import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTENT_ROWS } from '../../../../test/support/control-rows-content.js';
import { MAKING_ROWS } from '../../../../test/support/control-rows-making.js';
import {
  config,
  judge,
  LAYER,
  named,
  note,
  notes,
  resultOf,
  steps,
  subject,
} from '../../../../test/support/judged-image.js';
import fc from '../../../../test/support/property.js';
import type { ControlResult } from '../../../model/control.js';
import type { CoverageItem } from '../../../model/coverage.js';
import type { ImageConfig } from '../../../model/image-config.js';
import { judgeControls } from '../control.js';
import { controlsDocument } from '../control-docs.js';
import { findingsOfFailures } from '../failure-finding.js';
import { IMAGE_CONTROLS } from './image-controls.js';

const ROWS = [...CONTENT_ROWS, ...MAKING_ROWS];
const GAP: CoverageItem = { code: 'layer_missing', subject: 'sha256:bb', message: '' };

describe('the controls over images', () => {
  it.each(ROWS)('%s: %s', (id, _what, of, status, evidence) => {
    const result = resultOf(id, of);
    expect(result.status).toBe(status);
    expect(result.reason).toMatch(/\.$/);
    if (evidence === undefined) return;
    expect(result.evidence.map((piece) => `${piece.resource ?? ''} ${piece.path ?? ''} ${piece.value ?? ''}`)).toEqual(
      evidence,
    );
  });

  it('each have a row that passes and one that fails', () => {
    const without = IMAGE_CONTROLS.flatMap(({ id }) => {
      const statuses = ROWS.filter((row) => row[0] === id).map((row) => row[3]);
      return statuses.includes('pass') && statuses.includes('fail') ? [] : [id];
    });
    expect(without).toEqual([]);
  });

  it('of configuration do not concern a root file system', () => {
    const ids = ['non-root-user', 'healthcheck-defined', 'no-remote-add', 'recent-image', 'no-secrets-in-environment'];
    for (const id of ids) expect(resultOf(id, subject({ config: null })).status).toBe('not_applicable');
  });

  it('of files do not concern a target that was read without them', () => {
    for (const id of ['no-setuid-files', 'no-private-keys', 'no-package-caches', 'no-secrets-in-files']) {
      expect(resultOf(id, subject(null)).status).toBe('not_applicable');
    }
  });

  it('of files that found nothing are undetermined where a layer was not read', () => {
    const results = judge(subject({}), [GAP]);
    const passed = results.filter(({ status }) => status === 'pass').map(({ id }) => id);
    expect(passed.sort()).toEqual([
      'copy-not-add',
      'distribution-supported',
      'healthcheck-defined',
      'no-piped-installers',
      'no-privileged-ports',
      'no-remote-add',
      'no-remote-login-ports',
      'no-secrets-in-build-history',
      'no-secrets-in-environment',
      'non-root-user',
      'recent-image',
      'update-with-install',
      'verified-packages',
    ]);
    expect(resultOf('no-setuid-files', notes(note('/bin/su', ['setuid'])), [GAP]).status).toBe('fail');
    expect(resultOf('no-credential-files', notes(note('/a/.npmrc', ['possible_credentials'])), [GAP])).toMatchObject({
      status: 'undetermined',
      evidence: [{ path: '/a/.npmrc' }],
    });
  });

  it.each([
    ['no-setuid-files', 'limit_exceeded', '/', 'undetermined'],
    ['no-setuid-files', 'path_unreadable', '/root', 'undetermined'],
    ['no-setuid-files', 'file_unparsable', '/lib/apk/db/installed', 'pass'],
    ['no-sudo', 'file_unparsable', '/lib/apk/db/installed', 'undetermined'],
    ['no-sudo', 'advisories_missing', 'Debian:12', 'pass'],
    ['no-secrets-in-files', 'secrets_incomplete', '/x', 'undetermined'],
    ['no-secrets-in-files', 'layer_missing', 'sha256:bb', 'undetermined'],
    ['no-secrets-in-files', 'file_unparsable', '/x', 'pass'],
    ['no-private-keys', 'secrets_incomplete', '/x', 'pass'],
    ['no-sudo', 'nothing_recognised', '/', 'pass'],
    ['non-root-user', 'config_unreadable', 'config.User', 'undetermined'],
    ['non-root-user', 'config_unreadable', 'config.Env', 'pass'],
    ['non-root-user', 'config_unreadable', 'config', 'undetermined'],
    ['non-root-user', 'config_unreadable', 'the configuration', 'undetermined'],
    ['verified-packages', 'config_unreadable', 'history.created_by', 'undetermined'],
    ['recent-image', 'config_unreadable', 'created', 'undetermined'],
    ['recent-image', 'config_unreadable', 'history', 'pass'],
    ['no-setuid-files', 'config_unreadable', 'config.User', 'pass'],
  ] as const)('%s with a gap %s of %s is %s', (id, code, about, status) => {
    expect(resultOf(id, subject({}), [{ code, subject: about, message: '' }]).status).toBe(status);
  });

  it('never show a secret', () => {
    const secret = 'S3CR3T-value';
    const of = config({
      env: [`DB_PASSWORD=${secret}`],
      history: steps(
        `ARG TOKEN=${secret}`,
        `RUN |1 TOKEN=${secret} /bin/sh -c curl -k https://u:${secret}@x | sh # buildkit`,
        `ADD https://u:${secret}@x/y /z # buildkit`,
        `RUN apt-get update --password=${secret}`,
      ),
    });
    expect(JSON.stringify(judge(of))).not.toContain(secret);
  });

  it('never throw, and always bound what they say', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('RUN ', '|3 A=', '/bin/sh -c ', 'ADD ', 'ENV ', '0', ':', 'x'.repeat(5_000)),
    );
    const lists = fc.array(text, { maxLength: 5 });
    const configs = fc.record({
      ...Object.fromEntries(['env', 'exposedPorts', 'volumes'].map((field) => [field, lists])),
      user: text,
      created: fc.option(text),
      os: fc.option(text),
      healthcheck: fc.option(fc.record({ test: lists })),
      history: fc.array(
        fc.record({
          created: fc.constant(null),
          comment: fc.constant(null),
          createdBy: fc.option(text),
          emptyLayer: fc.boolean(),
        }),
        { maxLength: 5 },
      ),
    });
    fc.assert(
      fc.property(configs, (more) => {
        for (const { reason, evidence } of judge(config(more as Partial<ImageConfig>))) {
          expect(reason.length).toBeLessThanOrEqual(1_000);
          for (const piece of evidence) expect(JSON.stringify(piece).isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('that throw are undetermined, and told of', () => {
    const told: string[] = [];
    const [first] = IMAGE_CONTROLS;
    if (!first) throw new Error('there are controls');
    const broken = {
      ...first,
      judge: () => {
        throw new Error('broken');
      },
    };
    const [result] = judgeControls([broken], subject({}), [], (id) => told.push(id));
    expect([result?.status, told]).toEqual(['undetermined', [first.id]]);
  });
});

describe('the findings of failures', () => {
  it('are one for each control, the same over images, and keep what was not decided', () => {
    const two = judge(notes(note('/bin/su', ['setuid']), note('/bin/mount', ['setuid'])));
    const other = judge(notes(note('/usr/bin/passwd', ['setuid'])));
    const finding = (results: ControlResult[]) =>
      findingsOfFailures(IMAGE_CONTROLS, results).judgements.filter(({ ruleId }) => ruleId === 'no-setuid-files');
    expect(finding(two)).toHaveLength(1);
    expect(finding(two)[0]).toMatchObject({
      kind: 'misconfiguration',
      title: 'Programs run with the rights of their owner or group (setuid, setgid)',
      severity: 'medium',
      package: null,
      location: { path: '/bin/su', resource: LAYER },
    });
    expect(finding(other)[0]?.fingerprint).toBe(finding(two)[0]?.fingerprint);
    expect(findingsOfFailures(IMAGE_CONTROLS, judge(subject({}), [GAP])).undecided).toContainEqual({
      kind: 'misconfiguration',
      ruleId: 'no-setuid-files',
    });
  });

  it('leave out what is no property of the image', () => {
    const tagged = named('docker://alpine:latest');
    expect(resultOf('pinned-tag', tagged).status).toBe('fail');
    expect(findingsOfFailures(IMAGE_CONTROLS, judge(tagged))).toEqual({ judgements: [], undecided: [] });
  });

  it('leave out what other engines find', () => {
    const ended = subject({}, { support: { ...subject({}).support, status: 'ended' } });
    expect(resultOf('distribution-supported', ended).status).toBe('fail');
    expect(findingsOfFailures(IMAGE_CONTROLS, judge(ended)).judgements).toEqual([]);
  });
});

describe('the list of controls', () => {
  it('has every file of the folder', () => {
    const source = readFileSync(join(import.meta.dirname, 'image-controls.ts'), 'utf8');
    const missing = readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && name !== 'image-controls.ts')
      .filter((name) => readFileSync(join(import.meta.dirname, name), 'utf8').includes(': ImageControl[] = ['))
      .filter((name) => !source.includes(`./${name.replace('.ts', '.js')}`));
    expect(missing).toEqual([]);
  });

  it('names each once', () => {
    const ids = IMAGE_CONTROLS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(?:-[a-z]+)+$/);
  });

  it('is the one in docs/controls.md', () => {
    expect(readFileSync('docs/controls.md', 'utf8')).toBe(controlsDocument());
  });
});
