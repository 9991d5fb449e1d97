/** Prefixes that are not all in upper case; the rest of some ids is in lower case, of others in upper case. */
const PREFIXES = ['openSUSE-SU', 'openSUSE-RU', 'openSUSE-FU', 'EUVD', 'GHSA'];

/** Distributions whose records of one CVE are named for it, though they need not say so. */
const PER_CVE = ['ALPINE', 'CHAINGUARD', 'DEBIAN', 'REDHAT', 'UBUNTU', 'WOLFI'];

/** How an id that somebody typed may be written in a record, likeliest first. */
export function spellings(text: string): string[] {
  const id = text.trim();
  const dash = id.indexOf('-');
  const [prefix, rest] = dash < 0 ? [id, ''] : [id.slice(0, dash).toUpperCase(), id.slice(dash)];
  const known = PREFIXES.find((one) => id.toLowerCase().startsWith(`${one.toLowerCase()}-`));
  const upper = id.toUpperCase();
  const all = [
    id,
    upper,
    `${prefix}${rest.toLowerCase()}`,
    `${prefix}${rest}`,
    ...(known === undefined
      ? []
      : [`${known}${id.slice(known.length)}`, `${known}${id.slice(known.length).toLowerCase()}`]),
    ...(/^CVE-\d{4}-\d+$/.test(upper) ? PER_CVE.map((distribution) => `${distribution}-${upper}`) : []),
  ];
  return [...new Set(all)];
}
