import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandError } from './exit-code.js';
import { readReference } from './reference.js';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'plimsoll-reference-'));
  mkdirSync(join(cwd, 'layout'));
  writeFileSync(join(cwd, 'layout/oci-layout'), '{}');
  mkdirSync(join(cwd, 'root'));
  writeFileSync(join(cwd, 'image.tar'), '');
});
afterAll(() => rmSync(cwd, { recursive: true }));

describe('readReference', () => {
  it.each([
    ['docker-archive:image.tar', 'docker-archive:CWD/image.tar', 'CWD/image.tar', false],
    ['docker-archive:./image.tar:shop/web:1.2', 'docker-archive:CWD/image.tar:shop/web:1.2', 'CWD/image.tar', false],
    ['oci-archive:/x/y.tar:tag', 'oci-archive:/x/y.tar:tag', '/x/y.tar', false],
    ['oci:layout:latest', 'oci:CWD/layout:latest', 'CWD/layout', true],
    ['rootfs:root', 'rootfs:CWD/root', 'CWD/root', true],
    ['sbom:bom.json', 'sbom:CWD/bom.json', 'CWD/bom.json', false],
    ['layout', 'oci:CWD/layout', 'CWD/layout', true],
    ['root', 'rootfs:CWD/root', 'CWD/root', true],
    ['./image.tar', null, 'CWD/image.tar', false],
  ])('reads %s', (text, reference, path, isFolder) => {
    const full = (value: string | null) => value?.replace('CWD', cwd) ?? null;
    expect(readReference(text, cwd)).toMatchObject({ reference: full(reference), path: full(path), isFolder });
  });

  it.each(['upload:x', 'docker://alpine', 'docker-daemon:alpine:3.20'])('leaves %s to the service', (text) => {
    expect(readReference(text, cwd)).toEqual({ reference: text, label: text, path: null, isFolder: false, kind: null });
  });

  it.each([
    ['docker:unix:///run/docker.sock', 'docker:unix:///run/docker.sock', null, false],
    ['docker:tcp://h.example:2376', 'docker:tcp://h.example:2376', null, false],
    ['root:root', 'root:CWD/root', 'CWD/root', true],
    ['root:/', 'root:/', '/', true],
    ['facts:facts.json', 'facts:CWD/facts.json', 'CWD/facts.json', false],
  ])('knows %s for a host', (text, reference, path, isFolder) => {
    const full = (value: string | null) => value?.replace('CWD', cwd) ?? null;
    expect(readReference(text, cwd)).toMatchObject({
      reference: full(reference),
      path: full(path),
      isFolder,
      kind: 'host',
    });
  });

  it.each(['alpine:3.19', 'docker:alpine', 'docker://Alpine', 'docker-daemon:', 'no-such-file.tar', '', 'rootfs:'])(
    'refuses %j and says what to do',
    (text) => {
      expect(() => readReference(text, cwd)).toThrow(CommandError);
      expect(() => readReference(text, cwd)).toThrow(/xpected|a repository is/);
    },
  );
});
