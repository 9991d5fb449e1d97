import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events can be removed from the start of a log only, by one function; heads of logs are signed. */
export class TamperEvidence1700000000015 implements MigrationInterface {
  readonly name = 'TamperEvidence1700000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
-- Entries up to here were removed by retention.
ALTER TABLE project ADD COLUMN events_removed_until bigint NOT NULL DEFAULT 0;

CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.position <= (SELECT events_removed_until FROM project WHERE id = OLD.project_id) THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION 'the event log is append-only';
END $$;
DROP TRIGGER event_append_only ON event;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_event_change();
-- Also where session_replication_role is replica, which switches off other triggers.
ALTER TABLE event ENABLE ALWAYS TRIGGER event_append_only;
ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_truncate;

-- Retention: forgets a log's entries up to a position, never the newest. docs/events.md says what to keep first.
CREATE FUNCTION remove_events(of_project uuid, until bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  removed bigint;
BEGIN
  UPDATE project SET events_removed_until = greatest(events_removed_until, least(until, head_position - 1))
  WHERE id = of_project;
  DELETE FROM event e USING project p
  WHERE p.id = of_project AND e.project_id = p.id AND e.position <= p.events_removed_until;
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN removed;
END $$;

-- Keys that sign the heads of logs. The private half is sealed with a key that is not in the database.
CREATE TABLE signing_key (
  id          text PRIMARY KEY,
  public_key  bytea NOT NULL,
  sealed      bytea NOT NULL,
  current     boolean NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX signing_key_current_key ON signing_key (current) WHERE current;
`;

const DOWN = `
DROP TABLE signing_key;
DROP FUNCTION remove_events(uuid, bigint);
DROP TRIGGER event_append_only ON event;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION refuse_event_change();
ALTER TABLE event ENABLE TRIGGER event_no_truncate;
ALTER TABLE project DROP COLUMN events_removed_until;
`;
