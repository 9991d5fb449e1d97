import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPOSURES, type Exposure, exposureOf, type RiskSubject, riskOf } from './risk.js';
import type { KnownExploited } from './score.js';
import { SEVERITIES, type Severity } from './severity.js';

const rating = (score: number) => ({ version: '3.1', vector: 'V', score, source: 'X' });
const listed = (ransomware: boolean): KnownExploited => ({ dateAdded: '2021-12-10', dueDate: null, ransomware });
const epss = (probability: number, percentile: number) => ({ probability, percentile, date: '2026-11-23' });
const plain: RiskSubject = { severity: 'high', cvss: null, scores: { epss: null, kev: null }, exposure: 'unknown' };

/** The rows of the tables in docs/risk.md whose last columns are these. */
function examples(columns: number): string[][] {
  const rows = readFileSync('docs/risk.md', 'utf8')
    .split('\n')
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
  return rows.filter((cells) => cells.length === columns && /^\d+$/.test(cells.at(-1) ?? ''));
}

const vulnerabilities = examples(8);
const others = examples(4).filter(([first]) => SEVERITIES.some((severity) => severity === first));

describe('the examples of docs/risk.md', () => {
  it('are many', () => expect([vulnerabilities.length > 10, others.length > 3]).toEqual([true, true]));

  it.each(vulnerabilities)(
    '%s, CVSS %s, EPSS %s %s, CISA %s, %s: (%s) → %s',
    (severity, cvss, probability, percentile, cisa, exposure, parts, score) => {
      const risk = riskOf({
        severity: severity as Severity,
        cvss: cvss === '–' ? null : rating(Number(cvss)),
        scores: {
          epss: probability === '–' ? null : epss(Number(probability), Number(percentile)),
          kev: cisa === '–' ? null : listed(cisa === 'ransomware'),
        },
        exposure: exposure as Exposure,
      });
      expect([pointsOf(risk.parts), String(risk.score)]).toEqual([parts, score]);
    },
  );

  it.each(others)('%s, %s: (%s) → %s', (severity, exposure, parts, score) => {
    const risk = riskOf({ severity: severity as Severity, cvss: null, scores: null, exposure: exposure as Exposure });
    expect([pointsOf(risk.parts), String(risk.score)]).toEqual([parts, score]);
  });
});

function pointsOf(parts: { severity: number; exploitation: number; knownExploited: number }): string {
  return `${parts.severity} + ${parts.exploitation} + ${parts.knownExploited}`;
}

describe('a risk', () => {
  const subjects: fc.Arbitrary<RiskSubject> = fc.record({
    severity: fc.constantFrom(...SEVERITIES),
    cvss: fc.option(fc.integer({ min: 0, max: 100 }).map((n) => rating(n / 10))),
    scores: fc.option(
      fc.record({
        epss: fc.option(
          fc
            .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
            .map(([probability, percentile]) => epss(probability, percentile)),
        ),
        kev: fc.option(fc.boolean().map(listed)),
      }),
    ),
    exposure: fc.option(fc.constantFrom(...EXPOSURES)),
  });

  it('is a whole number from 0 to 100, and what its parts come to', () => {
    fc.assert(
      fc.property(subjects, (subject) => {
        const { score, parts } = riskOf(subject);
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
        const sum = (parts.severity + parts.exploitation + parts.knownExploited) * parts.exposure;
        expect(Math.abs(sum - score)).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
    );
  });

  it('is never lower for what is known to be exploited, or is reached from further away', () => {
    fc.assert(
      fc.property(subjects, (subject) => {
        const scores = subject.scores ?? { epss: null, kev: null };
        const at = (change: Partial<RiskSubject>) => riskOf({ ...subject, scores, ...change }).score;
        const none = at({ scores: { ...scores, kev: null } });
        const known = at({ scores: { ...scores, kev: listed(false) } });
        expect(none <= known && known <= at({ scores: { ...scores, kev: listed(true) } })).toBe(true);
        const byExposure = (['isolated', 'internal', 'unknown', 'internet'] as const).map((exposure) =>
          at({ exposure }),
        );
        expect(byExposure).toEqual(byExposure.toSorted((a, b) => a - b));
      }),
    );
  });

  it('tells what it rests on', () => {
    const scores = { epss: epss(0.5, 0.9), kev: listed(true) };
    expect(riskOf({ ...plain, scores })).toMatchObject(scores);
    expect(riskOf({ ...plain, scores: null })).toMatchObject({ epss: null, kev: null });
  });

  it('of no target has no exposure to weigh', () => {
    expect(riskOf({ ...plain, exposure: null }).parts.exposure).toBe(1);
  });
});

describe('exposureOf', () => {
  it.each<[string | null | undefined, Exposure]>([
    ['internet', 'internet'],
    [' Internal ', 'internal'],
    ['ISOLATED', 'isolated'],
    ['unknown', 'unknown'],
    ['public', 'unknown'],
    ['__proto__', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
    [undefined, 'unknown'],
  ])('of %j is %s', (label, exposure) => expect(exposureOf(label)).toBe(exposure));
});
