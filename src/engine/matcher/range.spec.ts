import { describe, expect, it } from 'vitest';
import type { AffectedPackage, RangeEvent } from '../../model/advisory.js';
import { schemeOf } from '../version/scheme.js';
import { evaluate } from './range.js';

const semver = schemeOf('npm');

function affected(events: RangeEvent[] | RangeEvent[][], versions: string[] = []): AffectedPackage {
  const lists = (Array.isArray(events[0]) ? events : [events]) as RangeEvent[][];
  const ranges = lists.map((list) => ({ type: 'SEMVER' as const, events: list }));
  return { ecosystem: 'npm', name: 'a', ranges, versions, severity: null, cvss: [] };
}

const yes = (fixedVersion: string | null, since: string | null = null) => ({
  verdict: 'affected',
  fixedVersion,
  fixState: null,
  since,
});
const no = (fix: string | null) => ({ verdict: 'not_affected', isSettled: fix !== null, fix });

describe('evaluate', () => {
  it.each<[string, RangeEvent[] | RangeEvent[][], string, object]>([
    ['below the fix', [{ introduced: '0' }, { fixed: '1.0.1' }], '1.0.0', yes('1.0.1')],
    ['at the fix', [{ introduced: '0' }, { fixed: '1.0.1' }], '1.0.1', no('1.0.1')],
    ['above the fix', [{ introduced: '0' }, { fixed: '1.0.1' }], '2.0.0', no('1.0.1')],
    ['"0" is before everything', [{ introduced: '0' }, { fixed: '1.0.0' }], '0.0.0-0', yes('1.0.0')],
    ['never affected', [{ introduced: '0' }, { fixed: '0' }], '1.0.0', no('0')],
    ['without a fix', [{ introduced: '0' }], '9.9.9', yes(null)],
    ['without events', [], '1.0.0', no(null)],
    ['before it was introduced', [{ introduced: '1.0.0' }, { fixed: '2.0.0' }], '0.9.0', no(null)],
    ['where it was introduced', [{ introduced: '1.0.0' }, { fixed: '2.0.0' }], '1.0.0', yes('2.0.0', '1.0.0')],
    ['events out of order', [{ fixed: '2.0.0' }, { introduced: '1.0.0' }], '1.5.0', yes('2.0.0', '1.0.0')],
    [
      'first of two intervals',
      [{ introduced: '1.0.0' }, { fixed: '1.2.0' }, { introduced: '2.0.0' }, { fixed: '2.3.0' }],
      '1.1.0',
      yes('1.2.0', '1.0.0'),
    ],
    [
      'second of two intervals',
      [{ introduced: '2.0.0' }, { fixed: '2.3.0' }, { introduced: '1.0.0' }, { fixed: '1.2.0' }],
      '2.1.0',
      yes('2.3.0', '2.0.0'),
    ],
    [
      'between two intervals',
      [{ introduced: '1.0.0' }, { fixed: '1.2.0' }, { introduced: '2.0.0' }, { fixed: '2.3.0' }],
      '1.5.0',
      no('1.2.0'),
    ],
    [
      'a second interval without a fix',
      [{ introduced: '0' }, { fixed: '1.2.0' }, { introduced: '2.0.0' }],
      '2.1.0',
      yes(null, '2.0.0'),
    ],
    [
      'introduced again where it was fixed',
      [{ introduced: '0' }, { fixed: '1.0.0' }, { introduced: '1.0.0' }, { fixed: '1.2.0' }],
      '1.0.0',
      yes('1.2.0', '1.0.0'),
    ],
    ['an empty interval', [{ introduced: '1.0.0' }, { fixed: '1.0.0' }], '1.0.0', no('1.0.0')],
    [
      'several fixes of one interval',
      [{ introduced: '0' }, { fixed: '1.2.0' }, { fixed: '1.1.0' }],
      '1.0.0',
      yes('1.1.0'),
    ],
    ['last affected', [{ introduced: '0' }, { last_affected: '1.2.0' }], '1.2.0', yes(null)],
    ['above the last affected', [{ introduced: '0' }, { last_affected: '1.2.0' }], '1.2.1', no(null)],
    [
      'last affected, and a later interval',
      [{ introduced: '0' }, { last_affected: '1.2.0' }, { introduced: '2.0.0' }, { fixed: '2.1.0' }],
      '1.2.0',
      yes(null),
    ],
    ['only one version', [{ introduced: '1.2.0' }, { last_affected: '1.2.0' }], '1.2.0', yes(null, '1.2.0')],
    ['below a limit', [{ introduced: '0' }, { limit: '2.0.0' }], '1.0.0', yes(null)],
    ['at the limit', [{ introduced: '0' }, { limit: '2.0.0' }], '2.0.0', no(null)],
    ['below one of two limits', [{ introduced: '0' }, { limit: '1.0.0' }, { limit: '3.0.0' }], '2.0.0', yes(null)],
    ['a limit of *', [{ introduced: '0' }, { limit: '*' }, { fixed: '3.0.0' }], '2.0.0', yes('3.0.0')],
    [
      'one range of two',
      [
        [{ introduced: '1.0.0' }, { fixed: '1.2.0' }],
        [{ introduced: '2.0.0' }, { fixed: '2.2.0' }],
      ],
      '2.0.0',
      yes('2.2.0', '2.0.0'),
    ],
    [
      'both of two ranges',
      [
        [{ introduced: '0' }, { fixed: '1.2.0' }],
        [{ introduced: '0' }, { fixed: '1.1.0' }],
      ],
      '1.0.0',
      yes('1.2.0'),
    ],
    [
      'one range that cannot be ordered',
      [
        [{ introduced: '0' }, { fixed: '~' }],
        [{ introduced: '0' }, { fixed: '1.1.0' }],
      ],
      '1.0.0',
      yes('1.1.0'),
    ],
  ])('%s', (_, events, version, expected) => {
    expect(evaluate(version, affected(events), semver)).toEqual(expected);
  });

  it('takes the list of versions by exact text, whatever the ranges say', () => {
    expect(evaluate('3.0.0', affected([{ introduced: '0' }, { fixed: '1.0.0' }], ['3.0.0']), semver)).toEqual(
      yes(null),
    );
    expect(evaluate('0.5.0', affected([{ introduced: '0' }, { fixed: '1.0.0' }], ['0.5.0']), semver)).toEqual(
      yes('1.0.0'),
    );
    expect(evaluate('latest', affected([{ introduced: '0' }, { fixed: '1.0.0' }], ['latest']), semver)).toEqual(
      yes(null),
    );
    expect(evaluate('3.0.1', affected([], ['3.0.0']), semver)).toEqual(no(null));
  });

  it('says which version cannot be ordered', () => {
    expect(evaluate('latest', affected([{ introduced: '0' }, { fixed: '1.0.0' }]), semver)).toEqual({
      verdict: 'undetermined',
      cause: 'order',
      reason: 'the version "latest" cannot be ordered by the rules of semver',
    });
    expect(evaluate('1.0.0', affected([{ introduced: '0' }, { fixed: '~' }]), semver)).toMatchObject({
      reason: 'the version "~" cannot be ordered by the rules of semver',
    });
    expect(evaluate('latest', affected([{ introduced: '0' }]), semver)).toEqual(yes(null));
  });

  it('takes the word of who maintains the package for every version', () => {
    const judged = (status: AffectedPackage['status']) => ({
      ...affected([{ introduced: '0' }]),
      ...(status && { status }),
    });
    expect(evaluate('1.0.0', judged('not_affected'), semver)).toEqual({
      verdict: 'not_affected',
      isSettled: true,
      fix: null,
    });
    expect(evaluate('1.0.0', judged('undetermined'), semver)).toMatchObject({
      verdict: 'undetermined',
      cause: 'investigation',
    });
  });

  it('says why there is no fix, of versions that have none alone', () => {
    const deferred = (events: RangeEvent[]) => ({ ...affected(events), fixState: 'deferred' as const });
    expect(evaluate('1.0.0', deferred([{ introduced: '0' }]), semver)).toMatchObject({ fixState: 'deferred' });
    expect(evaluate('1.0.0', deferred([{ introduced: '0' }, { fixed: '2.0.0' }]), semver)).toEqual(yes('2.0.0'));
  });
});
