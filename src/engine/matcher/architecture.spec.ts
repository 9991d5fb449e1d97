import { expect, it } from 'vitest';
import { isForArchitecture } from './architecture.js';

it.each<[string[] | undefined, string | null, boolean]>([
  [undefined, 'x86_64', true],
  [[], 'x86_64', true],
  [['x86_64', 'aarch64'], 'x86_64', true],
  [['aarch64'], 'x86_64', false],
  [['i686'], 'i386', true],
  [['x86_64'], 'i686', true],
  [['i686'], 'x86_64', false],
  [['amd64'], 'x86_64', true],
  [['arm64'], 'aarch64', true],
  [['x86_64'], null, true],
  [['x86_64'], 'noarch', true],
  [['noarch'], 'x86_64', true],
  [['x86_64'], 'all', true],
  [['constructor'], 'x86_64', false],
])('an advisory for %s, a package of %s: %s', (listed, installed, expected) => {
  expect(isForArchitecture(listed, installed)).toBe(expected);
});
