import { describe, expect, it } from 'vitest';
import { evaluate } from '../../engine/matcher/range.js';
import { schemeOf } from '../../engine/version/scheme.js';
import { affectedVersions } from './redhat-streams.js';

function verdict(fixes: readonly string[], version: string): string {
  const ranges = [{ type: 'ECOSYSTEM' as const, events: affectedVersions(fixes) }];
  const affected = { ecosystem: 'Red Hat:9', name: 'x', ranges, versions: [], severity: null, cvss: [] };
  const result = evaluate(version, affected, schemeOf('rpm'));
  return result.verdict === 'affected' ? `affected until ${result.fixedVersion}` : result.verdict;
}

describe('a package that was fixed in several minor releases', () => {
  const CURL = ['7.76.1-26.el9_3.2', '7.76.1-23.el9_2.4'];
  const PYTHON = ['3.9.18-3.el9_4.5', '3.9.19-8.el9'];
  const COMPLETED = ['1.0-5.el9_2.1', '1.0-5.el9_2.3', '1.0-9.el9_3'];

  it.each([
    [CURL, '7.76.1-14.el9', 'affected until 7.76.1-23.el9_2.4'],
    [CURL, '7.76.1-23.el9', 'affected until 7.76.1-23.el9_2.4'],
    [CURL, '7.76.1-23.el9_2.3', 'affected until 7.76.1-23.el9_2.4'],
    [CURL, '7.76.1-23.el9_2.4', 'not_affected'],
    [CURL, '7.76.1-23.el9_2.10', 'not_affected'],
    // What 9.3 came with is above the fix of 9.2, and has not got it.
    [CURL, '7.76.1-26.el9', 'affected until 7.76.1-26.el9_3.2'],
    [CURL, '7.76.1-26.el9_3.1', 'affected until 7.76.1-26.el9_3.2'],
    [CURL, '7.76.1-26.el9_3.2', 'not_affected'],
    [CURL, '7.76.1-29.el9', 'not_affected'],
    [PYTHON, '3.9.18-3.el9_4.6', 'not_affected'],
    [PYTHON, '3.9.18-9.el9', 'affected until 3.9.19-8.el9'],
    [PYTHON, '3.9.19-8.el9', 'not_affected'],
    // The first fix of 9.2 was not complete.
    [COMPLETED, '1.0-5.el9_2.1', 'affected until 1.0-5.el9_2.3'],
    [COMPLETED, '1.0-5.el9_2.3', 'not_affected'],
    [COMPLETED, '1.0-8.el9', 'affected until 1.0-9.el9_3'],
    // Nothing tells which minor release the first was for.
    [['1.0-2.el7', '1.0-4.el7'], '1.0-3.el7', 'affected until 1.0-4.el7'],
    [['2:1-1.el9_2', '1:9-1.el9_3'], '1:9-2.el9', 'affected until 2:1-1.el9_2'],
    [[], '1-1', 'affected until null'],
  ])('by %j: %s is %s', (fixes, version, expected) => {
    expect(verdict(fixes, version)).toBe(expected);
  });
});
