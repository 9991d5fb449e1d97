import { HYPHEN, isDigit, POINT } from './characters.js';

/**
 * A hyphen, and the border between digits and letters, opens a list inside the list before it, always as its last item.
 * So a version is a chain of lists. An item is a number, its digits without leading zeros (0 is empty); or a qualifier:
 * its letter in QUALIFIERS, and behind `H` its text.
 */
export type Chain = string[][];

/** Null for what cannot be ordered. */
export function parseMaven(text: string): Chain | null {
  const version = text.trim().toLowerCase();
  if (!/^[!-~]+$/.test(version) || /(?<!\d)0{10,}(?!\d)/.test(version)) return null;
  let list: string[] = [];
  const chain = [list];
  const open = () => {
    list = [];
    chain.push(list);
  };
  let numeric = false;
  let start = 0;
  for (let i = 0; i < version.length; i++) {
    const code = version.charCodeAt(i);
    if (code === POINT || code === HYPHEN) {
      list.push(i === start ? '' : itemOf(version.slice(start, i), numeric));
      start = i + 1;
      if (code === HYPHEN) open();
    } else if (isDigit(code)) {
      if (!numeric && i > start) {
        if (list.length > 0) open();
        const qualifier = version.slice(start, i);
        list.push(SHORT_QUALIFIERS.get(qualifier) ?? itemOf(qualifier, false));
        start = i;
        open();
      }
      numeric = true;
    } else {
      if (numeric && i > start) {
        list.push(itemOf(version.slice(start, i), true));
        start = i;
        open();
      }
      numeric = false;
    }
  }
  if (start < version.length) {
    if (!numeric && list.length > 0) open();
    list.push(itemOf(version.slice(start), numeric));
  }
  normalize(chain);
  return chain;
}

export function isQualifier(item: string): boolean {
  return item >= 'A';
}

/** How an item compares with none. */
export function signOf(item: string): number {
  if (!isQualifier(item)) return item === '' ? 0 : 1;
  return item < RELEASE ? -1 : item === RELEASE ? 0 : 1;
}

/** How the lists from `index` on compare with none: the first item that is not equal to nothing decides. */
export function signOfLists(chain: Chain, index: number): number {
  for (let i = index; i < chain.length; i++) {
    for (const item of chain[i] ?? []) {
      const sign = signOf(item);
      if (sign !== 0) return sign;
    }
  }
  return 0;
}

const QUALIFIERS = new Map([
  ['alpha', 'A'],
  ['beta', 'B'],
  ['milestone', 'C'],
  ['rc', 'D'],
  ['cr', 'D'],
  ['snapshot', 'E'],
  ['ga', 'F'],
  ['final', 'F'],
  ['release', 'F'],
  ['sp', 'G'],
]);
const RELEASE = 'F';
const UNKNOWN = 'H';
/** Where a digit follows. */
const SHORT_QUALIFIERS = new Map([
  ['a', 'A'],
  ['b', 'B'],
  ['m', 'C'],
]);

function itemOf(text: string, numeric: boolean): string {
  return numeric ? text.replace(/^0+/, '') : (QUALIFIERS.get(text) ?? UNKNOWN + text);
}

/** Removes what equals nothing from the end of each list: zeros, release qualifiers, empty lists. */
function normalize(chain: Chain): void {
  for (let index = chain.length - 1; index >= 0; index--) {
    const list = chain[index] ?? [];
    while (list.length > 0 && signOf(list[list.length - 1] ?? '') === 0) list.pop();
    if (list.length === 0 && index === chain.length - 1 && index > 0) chain.pop();
  }
}
