import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import type { EntityManager } from 'typeorm';
import { canonicalPackage } from '../model/canonical-package.js';
import type { Inventory } from '../model/inventory.js';
import type { Package } from '../model/package.js';
import { jsonb } from './jsonb.js';
import { uuidv7 } from './uuid.js';

export interface NewInventory {
  inventory: Inventory;
  inventoryDigest: string;
  /** Facts of a cluster as JSON, in pieces, as they are large; null for a target that is none. */
  cluster: Iterable<string> | null;
  /** Hex, by purl: which package of a target it is over time. Asked for where the inventory is new. */
  identities(): ReadonlyMap<string, string>;
  /** Under which advisories may speak of a package: when they do, it is judged again. */
  advisoryNames(entry: Package): { ecosystem: string; name: string }[];
}

/** An inventory as the database has it. */
export interface InventoryRows {
  id: string;
  /** Rows of the inventory's packages, in its order. */
  packageIds: string[];
  /** Those of them that no inventory had before. */
  isNew(packageId: string): boolean;
}

/** The same facts are stored once, whoever finds them again. */
export async function storeInventory(
  manager: EntityManager,
  projectId: string,
  input: NewInventory,
): Promise<InventoryRows> {
  const { inventory, inventoryDigest, cluster } = input;
  const id = uuidv7();
  const inserted = await manager.query(
    `INSERT INTO inventory (id, project_id, digest, distribution, image, host, cluster) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT ON CONSTRAINT inventory_digest_key DO NOTHING RETURNING id`,
    [
      id,
      projectId,
      inventoryDigest,
      inventory.distribution === null ? null : jsonb(inventory.distribution),
      inventory.image === null ? null : jsonb(inventory.image),
      inventory.host === undefined ? null : jsonb(inventory.host),
      cluster === null ? null : await packed(cluster),
    ],
  );
  if (inserted.length > 0) {
    const added = await storePackages(manager, projectId, id, input);
    return { id, packageIds: await packageIdsOf(manager, id), isNew: (packageId) => added.has(packageId) };
  }
  const [row] = await manager.query('SELECT id FROM inventory WHERE project_id = $1 AND digest = $2', [
    projectId,
    inventoryDigest,
  ]);
  await addIdentities(manager, row.id, input);
  return { id: row.id, packageIds: await packageIdsOf(manager, row.id), isNew: () => false };
}

/** Little by little: nothing else waits for it. */
function packed(pieces: Iterable<string>): Promise<Buffer> {
  return buffer(Readable.from(chunksOf(pieces), { objectMode: false }).pipe(createGzip({ level: 1 })));
}

/** Each chunk that a stream hands on costs more than to compress a small one. */
const CHUNK = 128 * 1024;

function* chunksOf(pieces: Iterable<string>): Generator<Buffer> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  let used = 0;
  for (const piece of pieces) {
    // A character of UTF-16 takes at most three bytes.
    if (used + piece.length * 3 > CHUNK) {
      yield Buffer.from(chunk.subarray(0, used));
      used = 0;
    }
    if (piece.length * 3 > CHUNK) yield Buffer.from(piece);
    else used += chunk.write(piece, used);
  }
  yield chunk.subarray(0, used);
}

/** @returns the packages that are new */
async function storePackages(
  manager: EntityManager,
  projectId: string,
  inventoryId: string,
  { inventory, identities, advisoryNames }: NewInventory,
): Promise<Set<string>> {
  const identityOf = identities();
  const packages = inventory.packages.map((entry) => ({ entry, digest: hash('sha256', canonicalPackage(entry)) }));
  // In order of digest: two scans that store the same packages must not wait for each other crosswise.
  const added: { id: string; digest: string }[] = await manager.query(
    `INSERT INTO package (digest, purl, type, ecosystem, name, version, source_name, source_version, architecture, licenses,
       module, is_group_guessed)
     SELECT DISTINCT ON (p.digest) decode(p.digest, 'hex'), p.purl, p.type, p.ecosystem, p.name, p.version,
       p.source ->> 'name', p.source ->> 'version', p.architecture, ARRAY(SELECT jsonb_array_elements_text(p.licenses)), p.module,
       coalesce(p."isGroupGuessed", false)
     FROM jsonb_to_recordset($1::jsonb) AS p(digest text, purl text, type text, ecosystem text, name text, version text,
       source jsonb, architecture text, licenses jsonb, module text, "isGroupGuessed" boolean)
     ORDER BY p.digest
     ON CONFLICT ON CONSTRAINT package_digest_key DO NOTHING RETURNING id, encode(digest, 'hex') AS digest`,
    [jsonb(packages.map(({ entry, digest }) => ({ ...entry, locations: undefined, digest })))],
  );
  const ids = new Map(added.map(({ digest, id }) => [digest, id]));
  await manager.query(
    `INSERT INTO package_name (ecosystem, name, package_id)
     SELECT DISTINCT n.ecosystem, n.name, n.id FROM jsonb_to_recordset($1::jsonb) AS n(ecosystem text, name text, id bigint)
     ON CONFLICT ON CONSTRAINT package_name_pkey DO NOTHING`,
    [
      jsonb(
        packages.flatMap(({ entry, digest }) => {
          const id = ids.get(digest);
          return id === undefined ? [] : advisoryNames(entry).map(({ ecosystem, name }) => ({ ecosystem, name, id }));
        }),
      ),
    ],
  );
  await manager.query(
    `INSERT INTO inventory_package (inventory_id, project_id, ordinal, package_id, locations, identity)
     SELECT $2, $3, p.ordinal, package.id, p.locations, decode(p.identity, 'hex')
     FROM jsonb_to_recordset($1::jsonb) AS p(digest text, ordinal int, locations jsonb, identity text)
     JOIN package ON package.digest = decode(p.digest, 'hex')`,
    [
      jsonb(
        packages.map(({ entry: { purl, locations }, digest }, ordinal) => ({
          digest,
          ordinal,
          locations,
          identity: identityOf.get(purl),
        })),
      ),
      inventoryId,
      projectId,
    ],
  );
  return new Set(ids.values());
}

/** An inventory that was stored before identities were kept gets them when its facts are found again. */
async function addIdentities(
  manager: EntityManager,
  inventoryId: string,
  { inventory, identities }: NewInventory,
): Promise<void> {
  const [lacking] = await manager.query(
    'SELECT FROM inventory_package WHERE inventory_id = $1 AND identity IS NULL LIMIT 1',
    [inventoryId],
  );
  if (!lacking) return;
  const identityOf = identities();
  await manager.query(
    `UPDATE inventory_package SET identity = decode(p.identity, 'hex')
     FROM unnest($2::text[]) WITH ORDINALITY AS p(identity, n) WHERE inventory_id = $1 AND ordinal = p.n - 1`,
    [inventoryId, inventory.packages.map(({ purl }) => identityOf.get(purl))],
  );
}

async function packageIdsOf(manager: EntityManager, inventoryId: string): Promise<string[]> {
  const rows = await manager.query(
    'SELECT package_id FROM inventory_package WHERE inventory_id = $1 ORDER BY ordinal',
    [inventoryId],
  );
  return rows.map((row: { package_id: string }) => row.package_id);
}
