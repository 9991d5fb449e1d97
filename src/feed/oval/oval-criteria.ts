import { childrenOf, type XmlElement } from '../xml/xml-records.js';

/** A criterion of a definition: a test and what it says in words. */
export interface Criterion {
  test: string;
  /** `nodejs is earlier than 1:18.19.0-1.module+el8…` */
  comment: string;
}

/**
 * Reads a definition's criteria as what vendors write: a tree of AND and OR whose leaves are conditions on the system
 * (its release, its architecture, a module) and on packages.
 *
 * @returns each way in which the definition can hold, as the criteria that have to hold together: a branch of an OR by
 *   itself, what stands in an AND with all else in it
 * @throws Error for criteria that are negated, which no list of affected packages can express
 */
export function alternativesOf(definition: XmlElement): Criterion[][] {
  const [criteria, ...others] = childrenOf(definition, 'criteria');
  if (!criteria || others.length > 0) throw new Error('expected a definition to have one tree of criteria');
  return alternatives(criteria);
}

/** Of one definition; SUSE's longest have some 30,000. */
const MAX_ALTERNATIVES = 200_000;

function alternatives(node: XmlElement): Criterion[][] {
  if (node.attributes.negate === 'true') throw new Error('it has negated criteria');
  if (node.name === 'criterion') {
    return [[{ test: node.attributes.test_ref ?? '', comment: node.attributes.comment ?? '' }]];
  }
  if (node.name !== 'criteria') throw new Error(`it has <${node.name}> among its criteria`);
  const operator = (node.attributes.operator ?? 'AND').toUpperCase();
  if (operator !== 'AND' && operator !== 'OR') throw new Error(`it joins criteria by ${operator}`);
  const children = node.children.map(alternatives);
  const all = operator === 'OR' ? children.flat() : children.reduce(joined, [[]]);
  if (all.length > MAX_ALTERNATIVES) throw new Error('its criteria have too many alternatives');
  return all;
}

/** Every way of the one with every way of the other. */
function joined(left: Criterion[][], right: Criterion[][]): Criterion[][] {
  if (left.length * right.length > MAX_ALTERNATIVES) throw new Error('its criteria have too many alternatives');
  return left.flatMap((some) => right.map((more) => [...some, ...more]));
}
