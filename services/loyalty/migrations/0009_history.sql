-- A member's history without an index by member. Each entry names the request that wrote to its account before, and the
-- account the one that wrote last, so that whoever wants the history goes from one to the next. The key begins with the
-- request id, so that a new entry's place is at the key's end; in a key that begins with the member each one has a place of
-- its own somewhere in it, which cost more than all else that an entry costs.
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_pkey;
ALTER TABLE ledger_entry ADD PRIMARY KEY (request_id, posting, member_id, lane);

-- The request that wrote to it last; null if none did.
ALTER TABLE ledger_account ADD COLUMN written_by uuid;
-- The request that wrote to the same account before; null for the account's first.
ALTER TABLE ledger_entry ADD COLUMN follows uuid;
ALTER TABLE ledger_archive ADD COLUMN follows uuid;

-- Where a history goes on whose next request is archived, although older ones are not: a late request may be dated before
-- those that it follows. The requests of an archived month that others follow, each with the first one that is followed
-- from there and is not archived.
CREATE TABLE ledger_passage (
  lane       smallint NOT NULL,
  member_id  uuid     NOT NULL,
  asset      smallint NOT NULL,
  request_id uuid     NOT NULL,
  follows    uuid     NOT NULL,
  PRIMARY KEY (request_id, member_id, asset, lane)
);
CREATE TRIGGER ledger_passage_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_passage
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What is there already is linked once.
DROP TRIGGER ledger_entry_append_only ON ledger_entry;
DROP TRIGGER ledger_entry_row_append_only ON ledger_entry;
DROP TRIGGER ledger_archive_append_only ON ledger_archive;
DROP TRIGGER ledger_archive_row_append_only ON ledger_archive;

WITH request AS (
  SELECT lane, member_id, asset, request_id, min(sequence) AS sequence
  FROM (
    SELECT lane, member_id, asset, request_id, sequence FROM ledger_entry
    UNION ALL
    SELECT lane, member_id, asset, request_id, sequence FROM ledger_archive
  ) AS entry
  GROUP BY lane, member_id, asset, request_id
), linked AS (
  SELECT lane, member_id, asset, request_id,
    lag(request_id) OVER (PARTITION BY lane, member_id, asset ORDER BY sequence) AS follows
  FROM request
), kept AS (
  UPDATE ledger_entry AS entry SET follows = linked.follows FROM linked
  WHERE entry.lane = linked.lane AND entry.member_id = linked.member_id AND entry.asset = linked.asset
    AND entry.request_id = linked.request_id AND linked.follows IS NOT NULL
), archived AS (
  UPDATE ledger_archive AS entry SET follows = linked.follows FROM linked
  WHERE entry.lane = linked.lane AND entry.member_id = linked.member_id AND entry.asset = linked.asset
    AND entry.request_id = linked.request_id AND linked.follows IS NOT NULL
)
UPDATE ledger_account AS account SET written_by = latest.request_id
FROM (
  SELECT DISTINCT ON (lane, member_id, asset) lane, member_id, asset, request_id FROM request
  ORDER BY lane, member_id, asset, sequence DESC
) AS latest
WHERE account.lane = latest.lane AND account.member_id = latest.member_id AND account.asset = latest.asset;

CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_row_append_only BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_archive_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_archive
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_archive_row_append_only BEFORE UPDATE OR DELETE ON ledger_archive
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
