/** Longer than any tag. */
const PATTERN = /^[\w.*?-]{1,128}$/;

/** Whether a text is a glob of tags: what tags are made of, `*` for any of it, `?` for one character. */
export function isTagPattern(text: string): boolean {
  return PATTERN.test(text);
}

/**
 * Whether a tag is as a glob says, case and all. Only the last `*` is ever gone back to, so it takes no more steps than
 * the product of both lengths.
 */
export function matchesTag(pattern: string, tag: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < tag.length; ) {
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      resume = i;
    } else if (pattern[at] === '?' || pattern[at] === tag[i]) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      resume += 1;
      at = star + 1;
      i = resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
