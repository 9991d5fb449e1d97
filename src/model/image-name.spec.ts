import { describe, expect, it } from 'vitest';
import { formatImageName, parseImageName, parseRegistryHost } from './image-name.js';

const SHA256 = `sha256:${'a'.repeat(64)}`;
const SHA512 = `sha512:${'0'.repeat(128)}`;

describe('parseImageName', () => {
  it.each([
    ['alpine', 'docker.io/library/alpine:latest'],
    ['alpine:3.20', 'docker.io/library/alpine:3.20'],
    ['library/alpine', 'docker.io/library/alpine:latest'],
    ['docker.io/alpine', 'docker.io/library/alpine:latest'],
    ['index.docker.io/alpine', 'docker.io/library/alpine:latest'],
    ['registry-1.docker.io/grafana/grafana:1', 'docker.io/grafana/grafana:1'],
    ['grafana/grafana', 'docker.io/grafana/grafana:latest'],
    ['a/b/c', 'docker.io/a/b/c:latest'],
    ['localhost/x', 'localhost/x:latest'],
    ['localhost:5000/x:1.0-rc.1_2', 'localhost:5000/x:1.0-rc.1_2'],
    ['host:5000/x', 'host:5000/x:latest'],
    ['Registry.Example:5000/x', 'registry.example:5000/x:latest'],
    ['127.0.0.1:5000/x', '127.0.0.1:5000/x:latest'],
    ['[::1]:5000/x:1', '[::1]:5000/x:1'],
    ['ghcr.io/a-b/c__d/e.f/g---h:V1', 'ghcr.io/a-b/c__d/e.f/g---h:V1'],
    [`alpine@${SHA256}`, `docker.io/library/alpine@${SHA256}`],
    [`alpine:3.20@${SHA256}`, `docker.io/library/alpine@${SHA256}`],
    [`quay.io/x@${SHA512}`, `quay.io/x@${SHA512}`],
  ])('reads %s as %s', (text, full) => {
    expect(formatImageName(parseImageName(text))).toBe(full);
    expect(formatImageName(parseImageName(full))).toBe(full);
  });

  it.each([
    '',
    ':1',
    '@',
    'Alpine',
    'Registry/x',
    'alpine:',
    'alpine:-1',
    `alpine:${'x'.repeat(129)}`,
    'alpine@sha256:abc',
    `alpine@SHA256:${'a'.repeat(64)}`,
    `alpine@sha256:${'A'.repeat(64)}`,
    `alpine@${SHA256}@${SHA256}`,
    'a'.repeat(64),
    'x//y',
    '/x',
    'x/',
    'x/../y',
    'x/.y',
    'x/y_',
    'x/y___z',
    'host:port/x',
    'host:99999/x',
    'ho_st.example/x',
    '-host.example/x',
    '[::g]/x',
    'user:secret@registry.example/x',
    'https://registry.example/x',
    'x?y',
    'x#y',
    'x y',
    `registry.example/${'x'.repeat(256)}`,
  ])('refuses %j', (text) => {
    expect(() => parseImageName(text)).toThrow(expect.objectContaining({ code: 'unknown_reference_form' }));
  });

  it.each(['user:hunter2@registry.example/x', 'https://user:hunter2@registry.example/x'])(
    'does not repeat a password: %s',
    (text) => {
      expect(() => parseImageName(text)).toThrow(/…@registry\.example/);
      expect(() => parseImageName(text)).not.toThrow(/hunter2/);
    },
  );
});

describe('parseRegistryHost', () => {
  it.each([
    ['Registry.Example:5000', 'registry.example:5000'],
    ['index.docker.io', 'docker.io'],
    ['localhost', 'localhost'],
  ])('reads %s', (text, host) => expect(parseRegistryHost(text)).toBe(host));

  it.each(['', 'https://registry.example', 'registry.example/', 'a@b', 'a:b', 'a..b', ' a', 'a:70000'])(
    'refuses %j',
    (text) => expect(parseRegistryHost(text)).toBeNull(),
  );
});
