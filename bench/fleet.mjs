/** A fleet of images over real advisories, in the database: the same one for the same numbers. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { readOsvZip } from '../dist/src/feed/osv/osv-zip.js';
import { canonicalName } from '../dist/src/model/package-name.js';

const PACKAGES_OF_IMAGE = 250;

/** One package version in fifty has a name that advisories speak of: about 75 findings in an image. */
const NAMED_SHARE = 0.02;

/** The parts of the export that are read. */
const TYPES = {
  Alpine: 'apk',
  Debian: 'deb',
  Ubuntu: 'deb',
  npm: 'npm',
  PyPI: 'pypi',
  Go: 'golang',
  RubyGems: 'gem',
  Packagist: 'composer',
  'crates.io': 'cargo',
};

/** The advisories of a folder in the layout of OSV's export, by part. */
export async function readMirror(folder) {
  if (!existsSync(join(folder, 'ecosystems.txt')))
    throw new Error(`there is no OSV export in ${folder}: name one with --mirror`);
  const parts = new Map();
  for (const part of Object.keys(TYPES)) {
    const advisories = [];
    for await (const record of readOsvZip(join(folder, part, 'all.zip'), part, new AbortController().signal)) {
      if ('advisory' in record) advisories.push(record.advisory);
    }
    parts.set(part, advisories);
  }
  return parts;
}

/** Package versions: those of the advisories first, then as many that no advisory speaks of. */
export function packageVersions(parts, count) {
  const versions = new Map();
  for (const [part, advisories] of parts) {
    for (const { affected } of advisories) {
      for (const { ecosystem, name, ranges } of affected) {
        for (const { events } of ranges) {
          for (const event of events) {
            const [boundary] = Object.values(event);
            if (boundary === '0' || boundary === '*') continue;
            for (const version of [boundary, before(boundary)]) {
              const key = `${ecosystem}\0${name}\0${version}`;
              versions.set(key, { type: TYPES[part], ecosystem, name, version });
            }
          }
        }
      }
    }
  }
  const named = [...versions.entries()]
    .map(([key, entry]) => [createHash('md5').update(key).digest('hex'), entry])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, count * NAMED_SHARE)
    .map(([, entry]) => entry);
  const others = Array.from({ length: count - named.length }, (_, i) => ({
    type: 'npm',
    ecosystem: 'npm',
    name: `fleet-package-${i % 8_000}`,
    version: `${1 + Math.floor(i / 8_000)}.0.0`,
  }));
  // Mixed, so that each image has some of both.
  return [...named, ...others]
    .map((entry) => [createHash('md5').update(JSON.stringify(entry)).digest('hex'), entry])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => entry);
}

/** A version that comes before, by most rules. */
function before(version) {
  const digits = /^(.*?)(\d+)([^\d]*)$/.exec(version);
  if (!digits || digits[2] === '0') return version;
  const [, head, number, tail] = digits;
  return `${head}${BigInt(number) - 1n}${tail}`;
}

/**
 * Writes the images as scans would have left them. Each takes one package from each of 250 shelves, the first ones of a shelf more
 * often: some versions are in every fifteenth image, most in one of 400.
 */
export async function storeFleet(runner, packages, images) {
  const client = await runner.connect();
  const lines = function* () {
    for (const entry of packages) {
      const { type, ecosystem, name, version } = entry;
      const purl = `pkg:${type}/${encodeURIComponent(ecosystem)}/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
      const digest = createHash('sha256').update(purl).digest('hex');
      yield `${[`\\\\x${digest}`, purl, type, ecosystem, name, version, '{}'].join('\t')}\n`;
    }
  };
  await pipeline(
    Readable.from(lines()),
    client.query(copyFrom('COPY package (digest, purl, type, ecosystem, name, version, licenses) FROM STDIN')),
  );
  const names = function* () {
    for (const [i, { ecosystem, name }] of packages.entries())
      yield `${ecosystem}\t${canonicalName(ecosystem, name)}\t${i + 1}\n`;
  };
  await pipeline(Readable.from(names()), client.query(copyFrom('COPY package_name FROM STDIN')));
  // As the references hold by how the rows are made, they need no check.
  await runner.query('SET session_replication_role = replica');
  const project = `'01900000-0000-7000-8000-000000000001'::uuid`;
  const id = (prefix) => `(lpad(to_hex(n), 8, '0') || '-0000-7000-8000-${prefix}')::uuid`;
  await runner.query(`
    INSERT INTO inventory (id, project_id, digest) SELECT ${id('000000000001')}, ${project}, 'sha256:' || n FROM generate_series(1, ${images}) n;
    INSERT INTO target (id, project_id, kind, identity, reference, inventory_id, revision)
    SELECT ${id('000000000002')}, ${project}, 'image', n::text, 'docker://registry/image-' || n, ${id('000000000001')}, 1
    FROM generate_series(1, ${images}) n`);
  const shelf = Math.floor(packages.length / PACKAGES_OF_IMAGE);
  for (let from = 1; from <= images; from += 10_000) {
    await runner.query(
      `INSERT INTO inventory_package (inventory_id, project_id, ordinal, package_id, locations, identity)
       SELECT ${id('000000000001')}, ${project}, s, 1 + s * $1 + floor($1 * power((hashint8extended(n * 1000 + s, 7) & 1048575) / 1048576.0, 2))::int,
         '[{"path": "/var/lib/packages/installed", "layer": "sha256:0123456789abcdef"}]', decode(md5(n || ' ' || s), 'hex')
       FROM generate_series($2::bigint, $3::bigint) n, generate_series(0, ${PACKAGES_OF_IMAGE - 1}) s`,
      [shelf, from, Math.min(images, from + 9_999)],
    );
  }
  await runner.query('SET session_replication_role = origin');
  await runner.query('VACUUM ANALYZE package, package_name, inventory, target, inventory_package');
}
