/** Orders two runs of decimal digits of any length by value; an empty run is 0. Dates in versions pass 2^53. */
export function compareDigits(a: string, b: string): number {
  if (a.length < 16 && b.length < 16) return Math.sign(Number(a) - Number(b));
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
