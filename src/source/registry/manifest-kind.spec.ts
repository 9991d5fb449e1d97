import { describe, expect, it } from 'vitest';
import { parseManifest } from './manifest-kind.js';

const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const MANIFEST = { schemaVersion: 2, config: {}, layers: [] };

const read = (document: unknown, contentType = '') =>
  parseManifest(Buffer.from(JSON.stringify(document)), contentType, 'it').mediaType;

describe('parseManifest', () => {
  it.each([
    [{ ...MANIFEST, mediaType: DOCKER_MANIFEST }, DOCKER_MANIFEST, DOCKER_MANIFEST],
    [MANIFEST, DOCKER_MANIFEST, DOCKER_MANIFEST],
    [MANIFEST, 'application/octet-stream', OCI_MANIFEST],
    [MANIFEST, '', OCI_MANIFEST],
    [{ schemaVersion: 2, manifests: [] }, DOCKER_LIST, DOCKER_LIST],
    [{ schemaVersion: 2, manifests: [], mediaType: OCI_INDEX }, '', OCI_INDEX],
    [{ schemaVersion: 2, manifests: [] }, '', OCI_INDEX],
  ])('knows %j with type %j', (document, contentType, mediaType) => {
    expect(read(document, contentType)).toBe(mediaType);
  });

  it.each([
    ['a document that is both', { ...MANIFEST, manifests: [] }, ''],
    ['a manifest that calls itself an index', { ...MANIFEST, mediaType: OCI_INDEX }, ''],
    ['a manifest that is sent as an index', MANIFEST, DOCKER_LIST],
    ['an index that is sent as a manifest', { manifests: [] }, OCI_MANIFEST],
    ['something else', { hello: 'world' }, ''],
    ['a list', [], ''],
    ['null', null, ''],
    ['layers that are no list', { layers: 5 }, ''],
  ])('refuses %s', (_what, document, contentType) => {
    expect(() => read(document, contentType)).toThrow(expect.objectContaining({ code: 'manifest_invalid' }));
  });

  it('refuses what is no JSON', () => {
    const html = Buffer.from('<html>');
    expect(() => parseManifest(html, 'text/html', 'it')).toThrow(expect.objectContaining({ code: 'manifest_invalid' }));
  });

  it.each([
    [{ schemaVersion: 1, fsLayers: [], history: [] }, 'application/vnd.docker.distribution.manifest.v1+prettyjws'],
    [{ schemaVersion: 1 }, 'application/json'],
    [{}, 'application/vnd.docker.distribution.manifest.v1+json'],
  ])('names schema 1 by its name: %j', (document, contentType) => {
    expect(() => read(document, contentType)).toThrow(expect.objectContaining({ code: 'manifest_unsupported' }));
  });
});
