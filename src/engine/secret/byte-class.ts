/** `[A-Za-z0-9_]` */
export const WORD = 1;
/** What may stand between a name and an assignment operator: `[ \t\w.-]`. */
export const GAP = 2;
/** Blanks of RE2's `\s`, and quotes that close a name. */
export const CLOSING = 4;
/** Blanks, quotes and further equals signs that may stand before a value. */
export const OPENING = 8;
/** What any rule's value is made of, and a little more. */
export const VALUE = 16;
/** `[A-Za-z_.-]`: a value of these alone is no generic secret. */
export const NAME = 32;
/** What a value of the generic rule is made of: `[\w.=+/-]`. */
export const GENERIC = 64;
/** `[A-Za-z0-9]` */
export const ALPHANUMERIC = 128;

/** The classes that each byte is in. */
export const BYTE_CLASS = new Uint8Array(256);

/** @param byte undefined, which an index behind the end gives, is in no class */
export function isOf(byte: number | undefined, classes: number): boolean {
  return ((BYTE_CLASS[byte as number] as number) & classes) !== 0;
}

function put(classes: number, characters: string): void {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    BYTE_CLASS[code] = (BYTE_CLASS[code] ?? 0) | classes;
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
put(WORD | GAP | VALUE | NAME | GENERIC | ALPHANUMERIC, LETTERS);
put(WORD | GAP | VALUE | GENERIC | ALPHANUMERIC, '0123456789');
put(WORD | GAP | VALUE | NAME | GENERIC, '_');
put(GAP | VALUE | NAME | GENERIC, '.-');
put(GAP, ' \t');
put(CLOSING | OPENING, '\t\n\f\r \'"');
put(OPENING, '`=');
put(VALUE | GENERIC, '=+/');
put(VALUE, '%:|~\\');
