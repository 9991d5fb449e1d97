import { PlimsollError } from '../../model/error.js';

/** RFC 8288; a target may hold commas. */
const NEXT = /<([^<>]*)>\s*;[^,<]*\brel\s*=\s*"?next\b/i;

/** @returns the query of the next page with its question mark; null where there is none */
export function nextQuery(link: string, base: URL): string | null {
  const target = NEXT.exec(link)?.[1];
  if (target === undefined || !URL.canParse(target, base.href)) return null;
  return new URL(target, base).search || null;
}

/** @throws PlimsollError `registry_invalid` */
export function tagsOf(body: Buffer, name: string): string[] {
  let document: { tags?: string[] | null } | null = null;
  try {
    document = JSON.parse(body.toString());
  } catch {
    // Told below.
  }
  // A repository whose tags were all deleted has null.
  const tags = document?.tags === null ? [] : document?.tags;
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) return tags;
  throw new PlimsollError('registry_invalid', `${name} is not what was expected: {"tags": […]}.`);
}
