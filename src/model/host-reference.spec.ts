import { describe, expect, it } from 'vitest';
import { checkEngineAllowed, hostReferenceIdentity, parseHostReference } from './host-reference.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

describe('parseHostReference', () => {
  it.each([
    [
      'docker:unix:///var/run/docker.sock',
      { transport: 'docker', address: { kind: 'unix', path: '/var/run/docker.sock' } },
    ],
    ['docker:tcp://h.example', { transport: 'docker', address: { kind: 'tcp', host: 'h.example', port: 2376 } }],
    ['docker:tcp://[::1]:2375', { transport: 'docker', address: { kind: 'tcp', host: '::1', port: 2375 } }],
    ['root:/host', { transport: 'root', path: '/host' }],
    ['facts:/x/facts.json', { transport: 'facts', path: '/x/facts.json' }],
    [`upload:${ID}`, { transport: 'upload', id: ID }],
  ])('reads %s', (text, parsed) => {
    expect(parseHostReference(text)).toEqual(parsed);
  });

  it.each([
    '',
    'host',
    'docker://alpine',
    'docker:alpine',
    'docker:http://x',
    'docker:unix://relative',
    'root:relative',
    'facts:',
    'upload:1',
    'root:/a\0b',
    'rootfs:/x',
  ])('refuses %j', (text) => {
    expect(() => parseHostReference(text)).toThrow(expect.objectContaining({ code: 'unknown_reference_form' }));
  });

  it('repeats no password', () => {
    expect(() => parseHostReference('docker:tcp://user:hunter2@h')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});

describe('hostReferenceIdentity', () => {
  it('is the same for every way to write an address', () => {
    expect(hostReferenceIdentity('docker:tcp://H.example')).toBe('docker:tcp://h.example:2376');
    expect(hostReferenceIdentity('docker:tcp://h.example:2376/')).toBe('docker:tcp://h.example:2376');
    expect(hostReferenceIdentity('root:/host')).toBe('root:/host');
  });
});

describe('checkEngineAllowed', () => {
  const allowed = [
    { kind: 'unix' as const, path: '/run/docker.sock' },
    { kind: 'tcp' as const, host: 'h.example', port: 2376 },
  ];

  it('lets through what the operator named', () => {
    checkEngineAllowed({ kind: 'tcp', host: 'H.example', port: 2376 }, allowed);
    checkEngineAllowed({ kind: 'unix', path: '/run/docker.sock' }, allowed);
  });

  it.each([
    { kind: 'tcp' as const, host: 'h.example', port: 6379 },
    { kind: 'tcp' as const, host: '127.0.0.1', port: 2376 },
    { kind: 'unix' as const, path: '/run/other.sock' },
  ])('refuses any other: %j', (address) => {
    expect(() => checkEngineAllowed(address, allowed)).toThrow(
      expect.objectContaining({ code: 'address_not_allowed' }),
    );
  });
});
