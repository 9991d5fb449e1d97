import { describe, expect, it } from 'vitest';
import { conjunction, isLicenceExpression, statedLicences } from './licence-expression.js';

describe('isLicenceExpression', () => {
  it.each(['MIT', 'GPL-2.0+', 'GPL-2.0-only WITH Classpath-exception-2.0', '(MIT OR Apache-2.0) AND ISC', 'GPL-2.0'])(
    'takes %s for one',
    (text) => expect(isLicenceExpression(text)).toBe(true),
  );

  it.each([
    '',
    'mit',
    'Apache License 2.0',
    'MIT and ISC',
    'MIT or (ISC)',
    '(MIT)or(ISC)',
    'MIT OR',
    '(MIT',
    'UNLICENSED',
    'NONE',
    'NOASSERTION',
    'LicenseRef-x',
    'DocumentRef-x:LicenseRef-y',
    'MIT, ISC',
    `${'('.repeat(200)}MIT${')'.repeat(200)}`,
  ])('does not take %j for one', (text) => expect(isLicenceExpression(text)).toBe(false));
});

describe('licences of a package', () => {
  it('are joined so that each stays what it is', () => {
    expect(conjunction(['MIT OR ISC'])).toBe('MIT OR ISC');
    expect(conjunction(['MIT OR ISC', 'Apache-2.0'])).toBe('(MIT OR ISC) AND (Apache-2.0)');
  });

  it('are those that say something, each once', () => {
    expect(statedLicences(['MIT', ' MIT ', '', '  ', 'ISC'])).toEqual(['MIT', 'ISC']);
  });
});
