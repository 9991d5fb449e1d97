import type { Package } from '../model/package.js';

/** What every read of an inventory's packages selects; `i` is the inventory's entry, `p` the package. */
export const PACKAGE_SELECT = `SELECT i.ordinal, i.locations, p.purl, p.type, p.ecosystem, p.name, p.version, p.source_name,
    p.source_version, p.architecture, p.licenses, p.module, p.is_group_guessed
  FROM inventory_package i JOIN package p ON p.id = i.package_id`;

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that PACKAGE_SELECT gives it
export function packageOf(row: any): Package {
  return {
    purl: row.purl,
    type: row.type,
    ecosystem: row.ecosystem,
    name: row.name,
    version: row.version,
    source: row.source_name === null ? null : { name: row.source_name, version: row.source_version },
    architecture: row.architecture,
    licenses: row.licenses,
    module: row.module,
    locations: row.locations,
    ...(row.is_group_guessed && { isGroupGuessed: true as const }),
  };
}
