import { describe, expect, it } from 'vitest';
import { parseClusterReference } from './cluster-reference.js';

const ID = '0190a0a0-0000-7000-8000-000000000000';

describe('parseClusterReference', () => {
  it.each([
    ['kubeconfig:/etc/kube/config', { transport: 'kubeconfig', path: '/etc/kube/config', context: null }],
    ['kubeconfig:/c#prod#eu', { transport: 'kubeconfig', path: '/c', context: 'prod#eu' }],
    ['in-cluster:', { transport: 'in-cluster' }],
    ['snapshot:/s.json', { transport: 'snapshot', path: '/s.json' }],
    ['manifests:/m', { transport: 'manifests', path: '/m' }],
    [`upload:${ID}`, { transport: 'upload', id: ID }],
  ])('reads %s', (text, parsed) => {
    expect(parseClusterReference(text)).toEqual(parsed);
  });

  it.each(['', 'x', 'kubeconfig:c', 'kubeconfig:/c#', 'in-cluster:x', 'manifests:./m', 'upload:1', 'snapshot:/a\0b'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseClusterReference(text)).toThrow(expect.objectContaining({ code: 'unknown_reference_form' }));
    },
  );
});
