import { describe, expect, it } from 'vitest';
import { PlimsollError } from './error.js';
import { parseImageReference, referenceIdentity } from './reference.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('parseImageReference', () => {
  it.each([
    [
      'docker://alpine',
      { transport: 'docker', name: { host: 'docker.io', repository: 'library/alpine', tag: 'latest', digest: null } },
    ],
    ['docker-daemon:alpine', { transport: 'docker-daemon', image: 'alpine:latest' }],
    ['docker-daemon:localhost/app:1', { transport: 'docker-daemon', image: 'localhost/app:1' }],
    ['docker-daemon:latest', { transport: 'docker-daemon', image: 'latest:latest' }],
    ['docker-daemon:host:5000/app', { transport: 'docker-daemon', image: 'host:5000/app:latest' }],
    [`docker-daemon:app@${DIGEST}`, { transport: 'docker-daemon', image: `app@${DIGEST}` }],
    [`docker-daemon:${DIGEST}`, { transport: 'docker-daemon', image: DIGEST }],
    ['docker-archive:/a/image.tar', { transport: 'docker-archive', path: '/a/image.tar', selector: null }],
    ['docker-archive:/a/image.tar:app:1.2', { transport: 'docker-archive', path: '/a/image.tar', selector: 'app:1.2' }],
    [
      'docker-archive:/a/image.tar:host:5000/app:1',
      { transport: 'docker-archive', path: '/a/image.tar', selector: 'host:5000/app:1' },
    ],
    ['docker-archive:/a/image:@1', { transport: 'docker-archive', path: '/a/image', selector: '@1' }],
    ['docker-archive:/a/x.tar.gz', { transport: 'docker-archive', path: '/a/x.tar.gz', selector: null }],
    ['oci-archive:/a/image.tar:v1', { transport: 'oci-archive', path: '/a/image.tar', selector: 'v1' }],
    ['oci:/a/layout:v1', { transport: 'oci', path: '/a/layout', selector: 'v1' }],
    ['oci:/a/layout', { transport: 'oci', path: '/a/layout', selector: null }],
    ['sbom:/a/shop.cdx.json', { transport: 'sbom', path: '/a/shop.cdx.json' }],
    ['rootfs:/srv/root:fs', { transport: 'rootfs', path: '/srv/root:fs' }],
    [
      'upload:01890a5d-ac96-774b-bcce-b302099a8057',
      { transport: 'upload', id: '01890a5d-ac96-774b-bcce-b302099a8057' },
    ],
  ])('reads %s', (reference, expected) => {
    expect(parseImageReference(reference)).toEqual(expected);
  });

  it.each([
    '',
    'alpine:3.20',
    'docker-archive:',
    'docker-archive:relative.tar',
    'rootfs:',
    'upload:../../etc/passwd',
    'rootfs:/a\0b',
    'ftp:/x',
    'docker:alpine',
    'docker:/alpine',
    'docker://',
    'docker-daemon:',
    'docker-daemon://alpine',
    'docker-daemon:../../containers',
    'docker-daemon:alpine?x=y',
    'docker-daemon:sha256:abc',
  ])('refuses %j and says what was expected', (reference) => {
    expect(() => parseImageReference(reference)).toThrow(PlimsollError);
  });
});

describe('referenceIdentity', () => {
  it.each([
    ['docker://alpine', 'docker://docker.io/library/alpine:latest'],
    [`docker://ALPINE.example/x:1@${DIGEST}`, `docker://alpine.example/x@${DIGEST}`],
    ['docker-daemon:alpine', 'docker-daemon:docker.io/library/alpine:latest'],
    [`docker-daemon:${DIGEST}`, `docker-daemon:${DIGEST}`],
    ['docker-archive:/a/image.tar:app', 'docker-archive:/a/image.tar:app'],
    ['rootfs:/srv/root', 'rootfs:/srv/root'],
  ])('of %s is %s', (reference, identity) => {
    expect(referenceIdentity(reference)).toBe(identity);
    expect(referenceIdentity(identity)).toBe(identity);
  });
});
