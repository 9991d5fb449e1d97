/**
 * The ecosystem of a product as SUSE's criteria name it, `SUSE Linux Enterprise Module for Basesystem 15 SP5`. All modules
 * and extensions of a service pack are one: an installed package does not tell which it came from, and neither does a
 * system that is past its general support tell whether it has the longer one (LTSS, ESPOS, BCL).
 *
 * @returns null for a product that is no distribution (SUSE Manager, Enterprise Storage, OpenStack)
 */
export function ecosystemOfProduct(product: string): string | null {
  const name = product.trim();
  if (name === 'openSUSE Tumbleweed') return 'openSUSE:Tumbleweed';
  const leap = /^openSUSE (Leap(?: Micro)?) (\d+\.\d+)(?: NonFree)?$/.exec(name);
  if (leap) return `openSUSE:${leap[1]} ${leap[2]}`;
  const micro = /^SUSE Linux (?:Enterprise )?Micro (?:for Rancher )?(\d+\.\d+)(?:-LTSS)?$/.exec(name);
  if (micro) return `SUSE Linux Enterprise Micro:${micro[1]}`;
  if (!/^SUSE (?:Linux Enterprise|Package Hub|LINUX Enterprise)\b/i.test(name)) return null;
  // `15`, `15 SP5`, `15-LTSS`, `15 SP1-BCL`, `12 SP5 LTSS Extended Security`, `16.0`.
  const release = /(?<![\d.])(\d{2})(?:\.(\d+)| SP(\d+))?(?![\d.])/.exec(name);
  if (!release) return null;
  const [, major, minor = release[3]] = release;
  return `SUSE Linux Enterprise:${minor === undefined ? major : `${major}.${minor}`}`;
}
