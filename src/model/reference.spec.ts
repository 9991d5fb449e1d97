import { describe, expect, it } from 'vitest';
import { PlimsollError } from './error.js';
import { parseImageReference } from './reference.js';

describe('parseImageReference', () => {
  it.each([
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
  ])('refuses %j and says what was expected', (reference) => {
    expect(() => parseImageReference(reference)).toThrow(PlimsollError);
  });
});
