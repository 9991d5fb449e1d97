import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What advisories say of a package is kept once, so that it can be judged again for every target at once.
 *
 * Findings of before keep what they were found with, until the next scan of their target replaces them.
 */
export class Rejudging1700000000006 implements MigrationInterface {
  readonly name = 'Rejudging1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    const [{ version }] = await runner.query(`SELECT current_setting('server_version_num')::int AS version`);
    await runner.query(timeOrderedId(version));
    await runner.query(SCHEMA);
  }

  async down(): Promise<void> {
    throw new Error('Findings do not go back to a copy of the details in each: drop the database instead.');
  }
}

/** UUIDv7 (RFC 9562 §5.7), made where the rows are made; PostgreSQL has it from version 18. */
function timeOrderedId(version: number): string {
  const body =
    version >= 180_000
      ? 'SELECT uuidv7()'
      : `SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
           PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1),
         'hex')::uuid`;
  return `CREATE FUNCTION time_ordered_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$ ${body} $$`;
}

const SCHEMA = `
-- The facts that the target is judged by: those of its last scan that found any.
ALTER TABLE target ADD COLUMN inventory_id uuid REFERENCES inventory;
UPDATE target SET inventory_id = scan.inventory_id FROM scan WHERE scan.id = target.last_scan_id;
CREATE INDEX target_inventory_idx ON target (inventory_id);

-- Which package of the target it is over time, hashed; null where it was stored before that was kept.
ALTER TABLE inventory_package ADD COLUMN identity bytea;
-- Who holds a package is read from the index alone.
DROP INDEX inventory_package_package_idx;
CREATE INDEX inventory_package_package_idx ON inventory_package (package_id, inventory_id) INCLUDE (ordinal, identity);

-- The names under which advisories may speak of a package.
CREATE TABLE package_name (
  ecosystem  text NOT NULL,
  name       text NOT NULL,
  package_id bigint NOT NULL REFERENCES package,
  CONSTRAINT package_name_pkey PRIMARY KEY (ecosystem, name, package_id)
);
INSERT INTO package_name (ecosystem, name, package_id)
SELECT DISTINCT p.ecosystem, CASE
    WHEN p.ecosystem = 'PyPI' THEN regexp_replace(lower(n.name), '[-_.]+', '-', 'g')
    WHEN p.ecosystem IN ('NuGet', 'Packagist') THEN lower(n.name)
    ELSE n.name END, p.id
FROM package p CROSS JOIN LATERAL (VALUES (p.name), (p.source_name)) AS n(name)
WHERE p.ecosystem IS NOT NULL AND n.name IS NOT NULL;

-- What advisories say of one package and one vulnerability, whoever holds it.
CREATE TABLE package_match (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  package_id    bigint NOT NULL REFERENCES package,
  rule_id       text NOT NULL,
  -- open, undetermined, or not_affected where it was one of these and is no more.
  status        text NOT NULL,
  severity_rank smallint NOT NULL,
  -- Counts up with every change: a finding that has another one was not told of it.
  version       integer NOT NULL DEFAULT 1,
  -- It changed, and not every target that holds the package was told.
  pending       boolean NOT NULL,
  detail_hash   bytea NOT NULL,
  detail        jsonb NOT NULL,
  CONSTRAINT package_match_key UNIQUE (package_id, rule_id)
);
CREATE INDEX package_match_pending_idx ON package_match (id) WHERE pending;
CREATE INDEX package_match_rule_idx ON package_match (rule_id);

-- Names of stored packages of which advisories say something else now: they are to be judged again.
CREATE TABLE advisory_change (
  id        bigint GENERATED ALWAYS AS IDENTITY,
  ecosystem text NOT NULL,
  name      text NOT NULL,
  CONSTRAINT advisory_change_pkey PRIMARY KEY (ecosystem, name)
);

-- Which bulletins list a vulnerability; one that lists a single one has it among its names.
CREATE INDEX advisory_upstream_idx ON advisory USING gin ((record -> 'upstream'))
  WHERE jsonb_array_length(record -> 'upstream') > 1;

-- Checks of references cost more than all else in a row that is written a hundred thousand times in a pass.
ALTER TABLE outbox DROP CONSTRAINT outbox_project_id_fkey;
ALTER TABLE finding_period
  DROP CONSTRAINT finding_period_finding_id_fkey, DROP CONSTRAINT finding_period_project_id_fkey,
  DROP CONSTRAINT finding_period_target_id_fkey, DROP CONSTRAINT finding_period_opened_scan_id_fkey,
  DROP CONSTRAINT finding_period_closed_scan_id_fkey, DROP CONSTRAINT finding_period_pkey;
ALTER TABLE finding
  DROP CONSTRAINT finding_project_id_fkey, DROP CONSTRAINT finding_target_id_fkey,
  DROP COLUMN ecosystem,
  ALTER COLUMN fingerprint TYPE bytea USING decode(fingerprint, 'hex'),
  ALTER COLUMN detail_hash TYPE bytea USING decode(detail_hash, 'hex'),
  ALTER COLUMN detail_hash DROP NOT NULL,
  ALTER COLUMN detail DROP NOT NULL,
  -- Of a vulnerability: the match that it rests on, which has its details, and the version of it that was told.
  ADD COLUMN match_id bigint,
  ADD COLUMN match_version integer,
  -- The entry of an inventory that says where it is.
  ADD COLUMN inventory_id uuid,
  ADD COLUMN ordinal integer,
  -- The time that it is open now, or was open last.
  ADD COLUMN opened_revision integer,
  ADD COLUMN opened_scan_id uuid;
UPDATE finding f SET opened_revision = p.opened_revision, opened_scan_id = p.opened_scan_id
FROM (SELECT DISTINCT ON (finding_id) * FROM finding_period ORDER BY finding_id, opened_revision DESC) p
WHERE p.finding_id = f.id;
ALTER TABLE finding ALTER COLUMN opened_revision SET NOT NULL,
  ADD CONSTRAINT finding_detail_check CHECK ((match_id IS NULL) = (detail IS NOT NULL));
DROP INDEX finding_rule_idx;
-- A match that changed finds those that were not told of it without a look at the others.
CREATE INDEX finding_rule_idx ON finding (rule_id, project_id, match_id, match_version);

-- A time that a finding was open and is over; the one that lasts is in the finding.
DELETE FROM finding_period WHERE closed_revision IS NULL;
ALTER TABLE finding_period
  ALTER COLUMN closed_revision SET NOT NULL, ALTER COLUMN closed_at SET NOT NULL,
  -- Null: it was judged again without a scan.
  ALTER COLUMN opened_scan_id DROP NOT NULL,
  ADD CONSTRAINT finding_period_pkey PRIMARY KEY (finding_id, opened_at);
`;
