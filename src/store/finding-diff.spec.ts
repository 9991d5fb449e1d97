import { describe, expect, it } from 'vitest';
import type { CoverageItem } from '../model/coverage.js';
import type { Judgement, UndecidedRule } from '../model/finding.js';
import { detailHash, diffFindings, type KnownFinding } from './finding-diff.js';

const JUDGED: Judgement = {
  fingerprint: 'f',
  kind: 'vulnerability',
  ruleId: 'CVE-2024-1',
  aliases: [],
  advisories: ['A'],
  title: 't',
  severity: 'high',
  severitySource: null,
  cvss: null,
  ratings: [],
  status: 'open',
  package: { purl: 'pkg:npm/left@1.0.0', name: 'left', version: '1.0.0', source: null },
  fixedVersion: '1.2.0',
  fixState: 'fixed',
  location: null,
};

const KNOWN: KnownFinding = {
  id: 'id',
  fingerprint: 'f',
  kind: 'vulnerability',
  ruleId: 'CVE-2024-1',
  status: 'open',
  state: detailHash(JUDGED),
  purl: 'pkg:npm/left@1.0.0',
  path: null,
  resource: null,
  ecosystem: 'npm',
};

const NOTHING = { opened: [], reopened: [], changed: [], fixed: [] };

const gap = (code: CoverageItem['code'], subject: string): CoverageItem => ({ code, subject, message: '' });

describe('diffFindings', () => {
  it('opens what is new', () => {
    expect(diffFindings([], [JUDGED], [], [])).toEqual({ ...NOTHING, opened: [JUDGED] });
  });

  it('leaves what is unchanged alone', () => {
    expect(diffFindings([KNOWN], [JUDGED], [], [])).toEqual(NOTHING);
  });

  it('sees a changed detail', () => {
    const judgement: Judgement = { ...JUDGED, severity: 'critical' };
    expect(diffFindings([KNOWN], [judgement], [], [])).toEqual({ ...NOTHING, changed: [{ id: 'id', judgement }] });
  });

  it('closes what is gone, once, and reopens it', () => {
    expect(diffFindings([KNOWN], [], [], []).fixed).toEqual([KNOWN]);
    const fixed: KnownFinding = { ...KNOWN, status: 'fixed' };
    expect(diffFindings([fixed], [], [], [])).toEqual(NOTHING);
    expect(diffFindings([fixed], [JUDGED], [], [])).toEqual({
      ...NOTHING,
      reopened: [{ id: 'id', judgement: JUDGED }],
    });
  });

  it.each([
    ['a file that could not be read may hold anything', gap('file_unparsable', '/lib/apk/db/installed'), false],
    ['a layer that was not read may hold anything', gap('layer_too_large', 'sha256:0'), false],
    ['nothing was recognised', gap('nothing_recognised', ''), false],
    ['its ecosystem has no advisories', gap('advisories_missing', 'npm'), false],
    ['another ecosystem has no advisories', gap('advisories_missing', 'Debian:12'), true],
    ['the advisories of its ecosystem are old', gap('advisories_stale', 'npm'), true],
    [
      'its version cannot be ordered, and it is not undetermined',
      gap('version_undetermined', 'pkg:npm/left@1.0.0'),
      true,
    ],
    [
      'it is no package of its distribution, and not undetermined',
      gap('third_party_package', 'pkg:npm/left@1.0.0'),
      true,
    ],
    ['its name is a guess, and nothing is said of others', gap('name_undetermined', 'pkg:npm/left@1.0.0'), true],
  ])('when %s', (_why, item, closes) => {
    expect(diffFindings([KNOWN], [], [item], []).fixed).toEqual(closes ? [KNOWN] : []);
  });

  it.each<[string, UndecidedRule, boolean]>([
    ['the package', { kind: 'vulnerability', ruleId: 'CVE-2024-1', purl: 'pkg:npm/left@1.0.0' }, false],
    ['another vulnerability of it', { kind: 'vulnerability', ruleId: 'CVE-2024-2', purl: 'pkg:npm/left@1.0.0' }, true],
    ['another package', { kind: 'vulnerability', ruleId: 'CVE-2024-1', purl: 'pkg:npm/right@1.0.0' }, true],
  ])('with a vulnerability undecided of %s', (_what, rule, closes) => {
    expect(diffFindings([KNOWN], [], [], [rule]).fixed).toEqual(closes ? [KNOWN] : []);
  });

  const misconfigured: KnownFinding = {
    ...KNOWN,
    kind: 'misconfiguration',
    ruleId: 'no-setuid-files',
    purl: null,
    path: null,
    ecosystem: null,
  };

  it('closes a misconfiguration whatever was not read: its control has weighed that', () => {
    expect(diffFindings([misconfigured], [], [gap('layer_too_large', 'sha256:0')], []).fixed).toEqual([misconfigured]);
  });

  it.each<[string, UndecidedRule, boolean]>([
    ['the rule itself', { kind: 'misconfiguration', ruleId: 'no-setuid-files' }, false],
    ['every rule of the kind', { kind: 'misconfiguration', ruleId: null }, false],
    ['another rule', { kind: 'misconfiguration', ruleId: 'no-sudo' }, true],
    ['another kind', { kind: 'end_of_life', ruleId: null }, true],
    ['what it is about', { kind: 'misconfiguration', ruleId: null, resources: ['container/web'] }, false],
    [
      'other things of its kind, while its own is gone,',
      { kind: 'misconfiguration', ruleId: null, resources: [] },
      true,
    ],
  ])('with %s undecided', (_what, rule, closes) => {
    const finding = { ...misconfigured, resource: 'container/web' };
    expect(diffFindings([finding], [], [], [rule]).fixed).toEqual(closes ? [finding] : []);
  });

  it.each(['vulnerability', 'misconfiguration', 'exposure', 'runtime'] as const)(
    'closes what a host no longer has of kind %s, whatever facts are missing, unless the kind is undecided',
    (kind) => {
      const finding: KnownFinding = { ...misconfigured, kind, ruleId: 'r' };
      const gaps = [gap('facts_missing', 'firewall')];
      expect(diffFindings([finding], [], gaps, []).fixed).toEqual([finding]);
      expect(diffFindings([finding], [], gaps, [{ kind, ruleId: null }]).fixed).toEqual([]);
    },
  );

  it('closes nothing that was found in a file that the scan left out', () => {
    const inLockfile: KnownFinding = { ...KNOWN, path: '/app/package-lock.json' };
    const isPassedOver = (path: string) => path.endsWith('-lock.json');
    expect(diffFindings([inLockfile, KNOWN], [], [], [], isPassedOver).fixed).toEqual([KNOWN]);
  });

  it('closes no secret that was not looked for, or may be where nothing was read', () => {
    const secret: KnownFinding = { ...misconfigured, kind: 'secret', ruleId: 'github-pat' };
    expect(diffFindings([secret], [], [], [{ kind: 'secret', ruleId: null }]).fixed).toEqual([]);
    expect(diffFindings([secret], [], [gap('layer_too_large', 'sha256:0')], []).fixed).toEqual([]);
    expect(diffFindings([secret], [], [gap('advisories_missing', 'npm')], []).fixed).toEqual([secret]);
    expect(diffFindings([secret, KNOWN], [], [gap('secrets_incomplete', '/x')], []).fixed).toEqual([KNOWN]);
  });
});
