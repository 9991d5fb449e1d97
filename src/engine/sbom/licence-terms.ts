/**
 * The licences of a declared expression (SPDX 2.3, annex D): one for each term of a conjunction that names texts of the
 * document or puts its terms into brackets, as those are lists, and else the expression as it stands.
 *
 * @param names of `LicenseRef-…`
 */
export function licenceTerms(expression: string, names: ReadonlyMap<string, string>): string[] {
  const terms = conjunction(expression);
  const isList = terms.length > 1 && (terms.every(isBracketed) || terms.some((term) => names.has(term)));
  if (!isList) return [names.get(unbracketed(expression)) ?? expression];
  return [...new Set(terms.map(unbracketed).map((term) => names.get(term) ?? term))];
}

/** Split at each ` AND ` that is in no bracket; an OR outside of brackets leaves it whole. */
function conjunction(expression: string): string[] {
  const terms: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < expression.length; at += 1) {
    const char = expression[at];
    if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (char === ' ' && depth === 0) {
      if (expression.startsWith(' OR ', at)) return [expression];
      if (!expression.startsWith(' AND ', at)) continue;
      terms.push(expression.slice(start, at).trim());
      at += ' AND'.length;
      start = at + 1;
    }
  }
  return [...terms, expression.slice(start).trim()];
}

function isBracketed(term: string): boolean {
  return term.startsWith('(') && term.endsWith(')');
}

function unbracketed(term: string): string {
  return isBracketed(term) ? term.slice(1, -1) : term;
}
