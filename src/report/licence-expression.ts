import parse from 'spdx-expression-parse';

/** A longer one is a whole text. */
const MAX_LENGTH = 256;

/**
 * Whether a package's words are an expression of the SPDX specification 2.3, annex D: with licences of its list, and
 * operators in capitals. A reference to a text counts as none, as that text would have to be in the document.
 */
export function isLicenceExpression(text: string): boolean {
  if (text.length > MAX_LENGTH || /(?:License|Document)Ref-|(?:^|[\s)])(?:and|or|with)[\s(]/.test(text)) return false;
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Several expressions that hold together, as one. */
export function conjunction(expressions: readonly string[]): string {
  const [first = '', ...others] = expressions;
  return others.length === 0 ? first : expressions.map((text) => `(${text})`).join(' AND ');
}

/** What a package says of its licences, without what says nothing. */
export function statedLicences(licenses: readonly string[]): string[] {
  return [...new Set(licenses.map((text) => text.trim()))].filter((text) => text !== '');
}
