import { flavourOf } from './flavour.js';

/** What a package of Ubuntu was installed from: the archive, or what Ubuntu Pro adds to it. */
export type UbuntuEdition = 'plain' | 'esm' | 'fips';

/** Versions of Expanded Security Maintenance end so: `1:4.1.48-9ubuntu0.1~esm1`, `6.0-20ubuntu1.1+esm2`. */
const ESM = /[+~.]esm\d/;

/** @param source the name of the source package: kernels say there which they are, `linux-fips`, `linux-aws-fips` */
export function editionOf(ecosystem: string, source: string, version: string): UbuntuEdition {
  if (!ecosystem.startsWith('Ubuntu:')) return 'plain';
  if (flavourOf(version) === 'fips' || /^linux-(?:.+-)?fips$/.test(source)) return 'fips';
  return ESM.test(version) ? 'esm' : 'plain';
}

/**
 * Where Canonical files what only Ubuntu Pro fixes. A package of the archive is looked for there too: what Pro maintains
 * is often in no other record, as with the packages of universe.
 *
 * https://documentation.ubuntu.com/security/security-updates/osv/, "The Ubuntu ecosystem"
 */
export function proEcosystems(ecosystem: string, edition: UbuntuEdition, source: string): string[] {
  const release = /^Ubuntu:(\d+\.\d+:LTS)$/.exec(ecosystem)?.[1];
  if (release === undefined) return [];
  const pro = [`Ubuntu:Pro:${release}`];
  if (edition === 'fips') pro.push(...FIPS.map((archive) => `Ubuntu:Pro:${archive}:${release}`));
  if (source.includes('realtime')) {
    pro.push(`Ubuntu:Pro:Realtime:${release}`, `Ubuntu:Pro:${release}:Realtime:Kernel`);
  }
  return pro;
}

/** The archives of certified builds, and the one that receives fixes beyond them. */
const FIPS = ['FIPS', 'FIPS-updates', 'FIPS-preview'];

export type UbuntuArchive = 'plain' | 'pro' | 'fips' | 'realtime';

/** Which archive an entry of a record is about. */
export function archiveOf(ecosystem: string): UbuntuArchive {
  if (!ecosystem.startsWith('Ubuntu:Pro:')) return 'plain';
  if (ecosystem.startsWith('Ubuntu:Pro:FIPS')) return 'fips';
  return ecosystem.includes('Realtime') ? 'realtime' : 'pro';
}
