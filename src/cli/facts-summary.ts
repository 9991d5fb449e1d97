import type { Fact } from '../model/host/fact.js';

/**
 * What was collected, and what could not be read, with what it would need.
 *
 * @param target as a sentence begins: `The host`
 */
export function summaryOf(facts: object, target: string): string[] {
  const kinds = Object.entries(facts).flatMap(([name, fact]) =>
    typeof fact === 'object' && fact !== null && 'known' in fact ? [{ name, fact: fact as Fact<unknown> }] : [],
  );
  const missing = kinds.flatMap(({ name, fact }) => {
    if (!fact.known) return fact.code === 'not_present' ? [] : [`  ${name}: ${fact.reason}`];
    return fact.gaps.map((gap) => `  ${name}: ${gap}`);
  });
  const known = kinds.filter(({ fact }) => fact.known).length;
  const absent = kinds.flatMap(({ name, fact }) => (fact.known || fact.code !== 'not_present' ? [] : [name]));
  const without = absent.length === 0 ? '' : ` ${target} has none of: ${absent.join(', ')}.`;
  const first = `${known} of ${kinds.length} kinds of facts were collected.${without}`;
  return missing.length === 0
    ? [first]
    : [`${first} NOT READ, and controls that rest on it will be undetermined:`, ...missing];
}
