import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Gitleaks, type GitleaksRule } from '../../../test/support/gitleaks.js';
import { randomOf } from '../../../test/support/re2-pattern.js';
import { SECRET_RULES } from './secret-rules.js';
import { SecretScanner } from './secret-scanner.js';

const CONFIGURATION = '../shared/data/misconfig/gitleaks.toml';
const SAMPLES = 40;

/** Patterns that write a dot for the dot of a name, which takes any character: here it is a dot. */
const NAMES_WITH_DOTS = new Set([
  'mailchimp-api-key',
  'sidekiq-sensitive-url',
  'slack-config-access-token',
  'slack-webhook-url',
]);

const there = existsSync(CONFIGURATION);
if (!there) console.info(`skipped: there is no ${CONFIGURATION}`);
describe.skipIf(!there)('the rules of gitleaks', () => {
  const gitleaks = there ? new Gitleaks(CONFIGURATION) : null;
  const rules = gitleaks?.rules ?? [];
  const scanner = new SecretScanner(Buffer.from('key'));
  const found = (text: string, path: string) => {
    scanner.begin(path);
    scanner.write(Buffer.from(text));
    return [...new Set(scanner.end().map(({ ruleId, line }) => `${ruleId} ${line}`))].sort();
  };

  it('are all here, and no other', () => {
    expect(SECRET_RULES.map(({ id }) => id).sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it('have the same keywords and entropy', () => {
    const facts = (all: readonly { id: string; keywords: readonly string[]; entropy: number }[]) =>
      Object.fromEntries(all.map(({ id, keywords, entropy }) => [id, { keywords: [...keywords].sort(), entropy }]));
    expect(facts(SECRET_RULES)).toEqual(facts(rules));
  });

  it.each(rules)('$id: finds the same in samples, near misses and several samples in a row', (rule) => {
    const random = randomOf(rule.id.length * 7919 + rule.id.charCodeAt(0));
    let positives = 0;
    for (let i = 0; i < SAMPLES; i += 1) {
      const path = pathFor(rule, random);
      const text = textFor(rule, random);
      const expected = gitleaks?.scan(text, path) ?? [];
      if (expected.some((line) => line.startsWith(`${rule.id} `))) positives += 1;
      expect(found(text, path), `${JSON.stringify(path)}: ${JSON.stringify(text)}`).toEqual(expected);
    }
    expect(positives).toBeGreaterThan(0);
  });

  it('are for the same files', () => {
    const random = randomOf(1);
    for (const pattern of gitleaks?.samplePaths(random, 50) ?? []) {
      for (const path of [
        pattern,
        mutated(pattern, random).replaceAll('\n', ''),
        `srv/${pattern}`,
        `${pattern}/a.txt`,
        `x${pattern}`,
      ]) {
        expect(scanner.wants(path, 1), path).toBe(!gitleaks?.isPathAllowed(path));
      }
    }
  });
});

function pathFor(rule: GitleaksRule, random: () => number): string {
  if (!rule.path || random() < 0.1) return 'etc/app/settings.conf';
  return `srv/${rule.path.sample(random)}`;
}

/** A sample alone or several, each as it is or a little wrong, between other lines. */
function textFor(rule: GitleaksRule, random: () => number): string {
  if (!rule.pattern) return 'text';
  const pieces: string[] = [];
  for (let left = random() < 0.6 ? 1 : 3; left > 0; left -= 1) {
    const hasDots = NAMES_WITH_DOTS.has(rule.id);
    const sample = rule.pattern.sample(random, hasDots);
    const near = mutated(sample, random);
    pieces.push(random() < 0.5 || (hasDots && near.split('.').length < sample.split('.').length) ? sample : near);
  }
  const keyword = rule.keywords[0] ?? '';
  const between = ['\n', ' ', '', ';', '"\n', '\n\n'][Math.floor(random() * 6)] ?? '';
  const before = [`# ${keyword}\n`, '', 'a line\n', `${keyword}`, '_', '"'][Math.floor(random() * 6)] ?? '';
  const after =
    ['\n', '', '"\n', ' # gitleaks:allow\n', '\nanother line\n', 'x', '\\n'][Math.floor(random() * 7)] ?? '';
  return `${before}${pieces.join(between)}${after}`;
}

/** One character more, less or other; or another case. */
function mutated(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const other = '\n "\'=:;.-_aZ09'.charAt(Math.floor(random() * 14));
  switch (Math.floor(random() * 5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + other + text.slice(at);
    case 2:
      return text.slice(0, at) + other + text.slice(at + 1);
    case 3:
      return random() < 0.5 ? text.toLowerCase() : text.toUpperCase();
    default:
      return text.slice(0, -1) + other;
  }
}
