import { describe, expect, it } from 'vitest';
import { licenceTerms } from './licence-terms.js';

const NAMES = new Map([
  ['LicenseRef-1', 'our own words'],
  ['LicenseRef-2', 'Artistic'],
]);

describe('licenceTerms', () => {
  it.each([
    ['MIT', ['MIT']],
    ['MIT OR Apache-2.0', ['MIT OR Apache-2.0']],
    ['MIT AND Apache-2.0', ['MIT AND Apache-2.0']],
    ['LicenseRef-1', ['our own words']],
    ['(LicenseRef-1)', ['our own words']],
    ['LicenseRef-unknown', ['LicenseRef-unknown']],
    ['(MIT) AND (Apache-2.0 OR ISC)', ['MIT', 'Apache-2.0 OR ISC']],
    ['((MIT OR ISC)) AND (LicenseRef-1)', ['(MIT OR ISC)', 'our own words']],
    ['Apache-2.0 AND LicenseRef-2 AND GPL-1.0-only', ['Apache-2.0', 'Artistic', 'GPL-1.0-only']],
    ['MIT AND LicenseRef-2 OR ISC', ['MIT AND LicenseRef-2 OR ISC']],
    ['(MIT) AND (MIT)', ['MIT']],
    [')) AND ((', [')) AND ((']],
  ])('reads %s', (expression, expected) => {
    expect(licenceTerms(expression, NAMES)).toEqual(expected);
  });
});
