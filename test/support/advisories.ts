import { join } from 'node:path';
import { writeFiles } from './image.js';
import { zip } from './zip.js';

export interface OsvRecord {
  id: string;
  [field: string]: unknown;
}

/** Writes a folder in the layout of OSV's bulk export. */
export async function writeOsvMirror(folder: string, parts: Record<string, OsvRecord[]>): Promise<void> {
  for (const [part, records] of Object.entries(parts)) {
    const files = Object.fromEntries(records.map((record) => [`${record.id}.json`, JSON.stringify(record)]));
    await writeFiles(join(folder, part), { 'all.zip': zip(files) });
  }
  await writeFiles(folder, { 'ecosystems.txt': `${Object.keys(parts).join('\n')}\n` });
}

/** A distribution's record of one CVE: affected below `fixed`. */
export function alpineAdvisory(cve: string, name: string, fixed: string, release = 'v3.10'): OsvRecord {
  return {
    id: `ALPINE-${cve}`,
    modified: '2026-01-01T00:00:00Z',
    upstream: [cve],
    affected: [
      {
        package: { ecosystem: `Alpine:${release}`, name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  };
}

/** A GitHub-style record of an npm package. */
export function npmAdvisory(id: string, aliases: string[], name: string, fixed: string, more: object = {}): OsvRecord {
  return {
    id,
    aliases,
    modified: '2026-01-01T00:00:00Z',
    summary: `Trouble in ${name}`,
    affected: [
      {
        package: { ecosystem: 'npm', name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
    ...more,
  };
}
