/** `Debian` of `Debian:12`: the distribution, whichever release. */
export function familyOf(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon < 0 ? ecosystem : ecosystem.slice(0, colon);
}
