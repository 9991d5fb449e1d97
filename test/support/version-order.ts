import { schemeOf } from '../../src/engine/version/scheme.js';
import type { PackageType } from '../../src/model/package.js';

export type Order = '<' | '=' | '>' | 'none';

/**
 * How the scheme orders two versions; `none` where it does not. Throws where the mirrored question or the keys of the
 * versions say otherwise than the comparison.
 */
export function orderOf(type: PackageType, a: string, b: string): Order {
  const { compare, key } = schemeOf(type);
  const order = signOf(compare(a, b));
  const back = signOf(compare(b, a));
  if (back !== MIRRORED[order]) throw new Error(`${a} ${order} ${b}, but ${b} ${back} ${a}`);
  const [left, right] = [key(a), key(b)];
  const keyed = left && right ? signOf(Buffer.compare(left, right)) : order;
  if (keyed !== order) throw new Error(`${a} ${order} ${b}, but by their keys ${a} ${keyed} ${b}`);
  return order;
}

const MIRRORED: Record<Order, Order> = { '<': '>', '>': '<', '=': '=', none: 'none' };

function signOf(order: number | null): Order {
  return order === null ? 'none' : order < 0 ? '<' : order > 0 ? '>' : '=';
}
