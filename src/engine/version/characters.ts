/** ASCII codes that version schemes give a meaning to. */
export const PLUS = 0x2b;
export const HYPHEN = 0x2d;
export const POINT = 0x2e;
export const COLON = 0x3a;
export const CARET = 0x5e;
export const UNDERSCORE = 0x5f;
export const TILDE = 0x7e;

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isLowerCase(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

export function isLetter(code: number): boolean {
  return isLowerCase(code | 0x20);
}

/** Where the run of digits that begins at `start` ends; `start` itself where there is none. */
export function digitsEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

/** As `digitsEnd`, of letters. */
export function lettersEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && isLetter(text.charCodeAt(end))) end++;
  return end;
}

/** Whether the digits from `start` to `end` are 0; no digits are. */
export function isZero(text: string, start: number, end: number): boolean {
  let i = start;
  while (i < end && text.charCodeAt(i) === 0x30) i++;
  return i === end;
}

/** How many numbers with single points between them the text consists of from `start` on; 0 where it does not. */
export function plainNumbers(text: string, start: number): number {
  let count = 0;
  for (let from = start; ; ) {
    const end = digitsEnd(text, from);
    if (end === from) return 0;
    count++;
    if (end === text.length) return count;
    if (text.charCodeAt(end) !== POINT) return 0;
    from = end + 1;
  }
}
