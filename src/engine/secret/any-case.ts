/**
 * A pattern that matches letters of either case, written out: `[a-z]b` becomes `[a-zA-Z][bB]`. What is within `(?-i:` and
 * the next parenthesis stays as it is. The flags of regular expressions are for all of a pattern, and their modifiers
 * (`(?i:`) cannot be relied on: V8 13.6 forgets them in long patterns, where alternatives come together again.
 */
export function anyCase(pattern: string): string {
  return pattern.replace(PARTS, (part, exact: string | undefined, members: string | undefined) => {
    if (exact !== undefined) return `(?:${exact})`;
    if (members !== undefined) return `[${members.replace(MEMBERS, bothCases)}]`;
    return part.startsWith('\\') ? part : `[${bothCases(part)}]`;
  });
}

/** An exact part, a class, an escape or a letter. */
const PARTS = /\(\?-i:([^)]*)\)|\[((?:\\.|[^\]\\])*)\]|\\(?:x..|.)|[A-Za-z]/gs;

/** Of a class: an escape, a range of letters or a letter. */
const MEMBERS = /\\(?:x..|.)|[A-Za-z]-[A-Za-z]|[A-Za-z]/gs;

function bothCases(letters: string): string {
  if (letters.startsWith('\\')) return letters;
  const [lower, upper] = [letters.toLowerCase(), letters.toUpperCase()];
  return lower + upper;
}
