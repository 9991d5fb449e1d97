import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What vendors and operators say of vulnerabilities, and what of it counts for each finding. */
export class Vex1700000000008 implements MigrationInterface {
  readonly name = 'Vex1700000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SCHEMA);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE finding DROP COLUMN suppressed, DROP COLUMN vex;
      DROP INDEX package_match_aliases_idx;
      DROP TABLE vex_statement, vex_document;`);
  }
}

const SCHEMA = `
CREATE TABLE vex_document (
  id              uuid PRIMARY KEY,
  project_id      uuid NOT NULL REFERENCES project,
  format          text NOT NULL,
  -- As it names itself.
  document_id     text,
  author          text,
  time            timestamptz,
  digest          text NOT NULL,
  statement_count integer NOT NULL,
  rejected_count  integer NOT NULL,
  -- The first of them: [{entry, reason}].
  rejected        jsonb NOT NULL,
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  created_by      text NOT NULL,
  CONSTRAINT vex_document_digest_key UNIQUE (project_id, digest)
);
CREATE INDEX vex_document_project_idx ON vex_document (project_id, id);
-- A document under an id that its author uses again is the next version of it.
CREATE UNIQUE INDEX vex_document_name_idx ON vex_document (project_id, document_id, author) NULLS NOT DISTINCT
  WHERE document_id IS NOT NULL;

CREATE TABLE vex_statement (
  document_id     uuid NOT NULL REFERENCES vex_document ON DELETE CASCADE,
  -- Its place among those that could be read.
  ordinal         integer NOT NULL,
  project_id      uuid NOT NULL,
  vulnerabilities text[] NOT NULL,
  status          text NOT NULL,
  justification   text,
  detail          text,
  time            timestamptz,
  -- [{id, purls, digests, subcomponents}]
  products        jsonb NOT NULL,
  CONSTRAINT vex_statement_pkey PRIMARY KEY (document_id, ordinal)
);
CREATE INDEX vex_statement_vulnerabilities_idx ON vex_statement USING gin (vulnerabilities);

ALTER TABLE finding
  -- Whether the statement that counts says that it needs no more attention. Its status stays as it was judged.
  ADD COLUMN suppressed boolean NOT NULL DEFAULT false,
  -- That statement: {status, justification, detail, documentId, document, author, time}; null where nobody says anything.
  ADD COLUMN vex jsonb,
  ADD CONSTRAINT finding_vex_check CHECK (vex IS NOT NULL AND status <> 'fixed' OR vex IS NULL AND NOT suppressed);
CREATE INDEX finding_vex_document_idx ON finding ((vex ->> 'documentId')) WHERE vex IS NOT NULL;
CREATE INDEX finding_vex_rule_idx ON finding (rule_id) WHERE vex IS NOT NULL;
CREATE INDEX finding_suppressed_idx ON finding (project_id, severity_rank, id) WHERE suppressed;
-- Those that no match tells the names of.
CREATE INDEX finding_unmatched_idx ON finding (project_id) WHERE kind = 'vulnerability' AND match_id IS NULL;

-- A statement may name a vulnerability otherwise than the match.
CREATE INDEX package_match_aliases_idx ON package_match USING gin ((detail -> 'aliases'));
`;
