import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Everything that a tenant owns carries its project; advisories, packages and layers' facts are shared. */
export class FirstSlice1700000000001 implements MigrationInterface {
  readonly name = 'FirstSlice1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SCHEMA);
  }

  async down(): Promise<void> {
    throw new Error('The first migration has no way back: drop the database instead.');
  }
}

const SCHEMA = `
CREATE TABLE project (
  id            uuid PRIMARY KEY,
  name          text NOT NULL,
  -- The end of the project's event log.
  head_position bigint NOT NULL DEFAULT 0,
  head_hash     text NOT NULL DEFAULT repeat('0', 64),
  created_at    timestamptz NOT NULL DEFAULT now()
);
INSERT INTO project (id, name) VALUES ('01900000-0000-7000-8000-000000000001', 'default');

CREATE TABLE api_token (
  id         uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project,
  name       text NOT NULL,
  hash       bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT api_token_hash_key UNIQUE (hash),
  CONSTRAINT api_token_name_key UNIQUE (project_id, name)
);

CREATE TABLE target (
  id         uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project,
  kind       text NOT NULL,
  -- What makes two scans' targets the same one.
  identity   text NOT NULL,
  reference  text NOT NULL,
  name       text,
  labels     jsonb NOT NULL DEFAULT '{}',
  -- How many of its scans have finished with facts.
  revision   integer NOT NULL DEFAULT 0,
  last_scan_id uuid,
  last_scan_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT target_identity_key UNIQUE (project_id, kind, identity)
);

CREATE TABLE inventory (
  id         uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project,
  digest     text NOT NULL,
  distribution jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT inventory_digest_key UNIQUE (project_id, digest)
);

CREATE TABLE package (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Over all that follows: one purl may be read with other sources or licences elsewhere.
  digest         bytea NOT NULL,
  purl           text NOT NULL,
  type           text NOT NULL,
  ecosystem      text,
  name           text NOT NULL,
  version        text NOT NULL,
  source_name    text,
  source_version text,
  architecture   text,
  licenses       text[] NOT NULL,
  CONSTRAINT package_digest_key UNIQUE (digest)
);

CREATE TABLE inventory_package (
  inventory_id uuid NOT NULL REFERENCES inventory,
  project_id   uuid NOT NULL REFERENCES project,
  -- Place in the inventory, which is sorted by purl.
  ordinal      integer NOT NULL,
  package_id   bigint NOT NULL REFERENCES package,
  locations    jsonb NOT NULL,
  CONSTRAINT inventory_package_pkey PRIMARY KEY (inventory_id, ordinal)
);
CREATE INDEX inventory_package_package_idx ON inventory_package (package_id);

CREATE TABLE scan (
  id               uuid PRIMARY KEY,
  project_id       uuid NOT NULL REFERENCES project,
  target_id        uuid NOT NULL REFERENCES target,
  reference        text NOT NULL,
  status           text NOT NULL DEFAULT 'queued',
  trigger          text NOT NULL,
  options          jsonb NOT NULL DEFAULT '{}',
  priority         smallint NOT NULL,
  phase            text NOT NULL DEFAULT 'waiting',
  percent          smallint NOT NULL DEFAULT 0,
  created_at       timestamptz NOT NULL,
  enqueued_at      timestamptz,
  started_at       timestamptz,
  finished_at      timestamptz,
  worker           text,
  lease_expires_at timestamptz,
  fence            integer NOT NULL DEFAULT 0,
  attempt          integer NOT NULL DEFAULT 0,
  cancel_requested boolean NOT NULL DEFAULT false,
  error_code       text,
  error_message    text,
  coverage         jsonb NOT NULL DEFAULT '{"complete":false,"items":[]}',
  counts           jsonb NOT NULL DEFAULT '{"critical":0,"high":0,"medium":0,"low":0,"unknown":0}',
  inventory_id     uuid REFERENCES inventory,
  -- The target's revision that this scan made; null unless it finished with facts.
  revision         integer
);
CREATE INDEX scan_project_idx ON scan (project_id, id DESC);
CREATE INDEX scan_target_idx ON scan (target_id, id DESC);
CREATE INDEX scan_unfinished_idx ON scan (status, lease_expires_at) WHERE status IN ('queued', 'running');
CREATE INDEX scan_inventory_idx ON scan (inventory_id);

CREATE TABLE idempotency_key (
  project_id   uuid NOT NULL REFERENCES project,
  key          text NOT NULL,
  request_hash text NOT NULL,
  scan_id      uuid NOT NULL REFERENCES scan,
  created_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_key_pkey PRIMARY KEY (project_id, key)
);

CREATE TABLE layer (
  digest        text NOT NULL,
  extractor_set text NOT NULL,
  -- gzipped JSON
  facts         bytea NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT layer_pkey PRIMARY KEY (digest, extractor_set)
);

CREATE TABLE finding (
  id              uuid PRIMARY KEY,
  project_id      uuid NOT NULL REFERENCES project,
  target_id       uuid NOT NULL REFERENCES target,
  fingerprint     text NOT NULL,
  kind            text NOT NULL,
  rule_id         text NOT NULL,
  status          text NOT NULL,
  -- 0 critical … 4 unknown: the order of lists.
  severity_rank   smallint NOT NULL,
  -- Of the package; null where the finding has none.
  ecosystem       text,
  -- Hash of detail: what changed is seen without reading it.
  detail_hash     text NOT NULL,
  detail          jsonb NOT NULL,
  opened_at       timestamptz NOT NULL,
  closed_at       timestamptz,
  CONSTRAINT finding_fingerprint_key UNIQUE (target_id, fingerprint)
);
CREATE INDEX finding_project_idx ON finding (project_id, severity_rank, id) WHERE status <> 'fixed';
CREATE INDEX finding_fixed_idx ON finding (project_id, severity_rank, id) WHERE status = 'fixed';
CREATE INDEX finding_rule_idx ON finding (project_id, rule_id);

CREATE TABLE finding_period (
  finding_id      uuid NOT NULL REFERENCES finding,
  project_id      uuid NOT NULL REFERENCES project,
  target_id       uuid NOT NULL REFERENCES target,
  opened_revision integer NOT NULL,
  closed_revision integer,
  opened_scan_id  uuid NOT NULL REFERENCES scan,
  closed_scan_id  uuid REFERENCES scan,
  opened_at       timestamptz NOT NULL,
  closed_at       timestamptz,
  CONSTRAINT finding_period_pkey PRIMARY KEY (finding_id, opened_revision)
);
CREATE INDEX finding_period_target_idx ON finding_period (target_id, opened_revision);

CREATE TABLE feed (
  name            text PRIMARY KEY,
  status          text NOT NULL DEFAULT 'idle',
  run             integer NOT NULL DEFAULT 0,
  heartbeat_at    timestamptz,
  last_success_at timestamptz,
  last_error      jsonb,
  progress        jsonb NOT NULL DEFAULT '{"percent":0,"part":null,"imported":0,"rejected":0,"skipped":0}'
);
INSERT INTO feed (name) VALUES ('osv');

CREATE TABLE feed_part (
  feed        text NOT NULL REFERENCES feed,
  part        text NOT NULL,
  etag        text,
  digest      text NOT NULL,
  records     integer NOT NULL,
  rejected    integer NOT NULL DEFAULT 0,
  imported_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT feed_part_pkey PRIMARY KEY (feed, part)
);

CREATE TABLE advisory (
  feed      text NOT NULL,
  part      text NOT NULL,
  id        text NOT NULL,
  digest    text NOT NULL,
  -- id, aliases, and the upstream id where there is one: what links records of one vulnerability.
  names     text[] NOT NULL,
  withdrawn boolean NOT NULL,
  record    jsonb NOT NULL,
  CONSTRAINT advisory_pkey PRIMARY KEY (feed, part, id)
);
CREATE INDEX advisory_names_idx ON advisory USING gin (names);

CREATE TABLE affected_package (
  feed        text NOT NULL,
  part        text NOT NULL,
  advisory_id text NOT NULL,
  ecosystem   text NOT NULL,
  name        text NOT NULL,
  CONSTRAINT affected_package_advisory_fkey FOREIGN KEY (feed, part, advisory_id) REFERENCES advisory ON DELETE CASCADE
);
CREATE INDEX affected_package_name_idx ON affected_package (ecosystem, name);
CREATE INDEX affected_package_advisory_idx ON affected_package (feed, part, advisory_id);

CREATE TABLE upload (
  id         uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project,
  size       bigint NOT NULL,
  digest     text NOT NULL,
  filename   text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX upload_expires_idx ON upload (expires_at);

CREATE TABLE outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project,
  type       text NOT NULL,
  time       timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  actor      text NOT NULL,
  subject    text NOT NULL,
  scan_id    uuid,
  target_id  uuid,
  finding_id uuid,
  data       jsonb NOT NULL
);

CREATE TABLE event (
  project_id uuid NOT NULL REFERENCES project,
  position   bigint NOT NULL,
  type       text NOT NULL,
  time       timestamptz NOT NULL,
  actor      text NOT NULL,
  subject    text NOT NULL,
  scan_id    uuid,
  target_id  uuid,
  finding_id uuid,
  data       jsonb NOT NULL,
  hash       text NOT NULL,
  CONSTRAINT event_pkey PRIMARY KEY (project_id, position)
);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the event log is append-only';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`;
