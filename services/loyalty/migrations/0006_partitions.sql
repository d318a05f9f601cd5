-- Entries by month, and what becomes of those that are older than entries are kept.
--
-- The service makes a partition of ledger_entry for every month in UTC, ahead of time. Its bounds are the first
-- milliseconds of the month and of the next one as the first 48 bits of a UUID: that is where UUIDv7 has the time. Ids
-- of other versions land where their first bits say; what is in no month's partition is in ledger_entry_default.
--
-- A month that is archived goes from ledger_entry to ledger_archive, as it is, and what its entries add up to goes into
-- ledger_carried. An operator may move or drop it there. Every sum over entries is then one over those of ledger_entry,
-- over those of the archives that are kept, and over what was carried for the archives that are gone.

-- The index by which entries are sealed has a condition that is always true. Only statements that say it use that index:
-- a plan made for batches while a month's partition was empty would take it, because it is as good as the key then.
DROP INDEX ledger_entry_sequence;
CREATE INDEX ledger_entry_sequence ON ledger_entry (lane, sequence) WHERE posting >= 0;

-- The months that are archived, each a partition called ledger_archive_2026_01. A column that ledger_entry gets later,
-- this table must get too.
CREATE TABLE ledger_archive (LIKE ledger_entry) PARTITION BY RANGE (request_id);

CREATE TRIGGER ledger_archive_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_archive
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_archive_row_append_only BEFORE UPDATE OR DELETE ON ledger_archive
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The months that take no new request any more: first closed, then archived. A request whose id is dated before the end
-- of the latest of them is refused unless its entries are still in ledger_entry.
CREATE TABLE ledger_closed_month (
  month            date   PRIMARY KEY CHECK (month = date_trunc('month', month)),
  first_request_id uuid   NOT NULL,
  next_request_id  uuid   NOT NULL UNIQUE,  -- the first one of the month after
  closed_at        bigint NOT NULL,
  CHECK (first_request_id < next_request_id)
);

-- What the entries of an archived month added up to: one row for a member's entries of one type between two accounts,
-- with the columns of an entry that sums are made of. Entries that hold, pend or end either are kept apart by what they
-- belong to, because an entry of another month may end it.
CREATE TABLE ledger_carried (
  month         date     NOT NULL,
  lane          smallint NOT NULL CHECK (lane BETWEEN 0 AND 63),
  member_id     uuid     NOT NULL,
  asset         smallint NOT NULL,
  entry_type    smallint NOT NULL,
  from_account  smallint NOT NULL,
  to_account    smallint NOT NULL,
  reference     uuid,               -- only if one of the accounts is 4 or 5
  amount        bigint   NOT NULL CHECK (amount >= 0),
  lots          bigint[] NOT NULL,  -- pairs of day and amount, soonest first
  entry_count   bigint   NOT NULL CHECK (entry_count > 0),
  last_sequence bigint   NOT NULL,
  CONSTRAINT ledger_carried_key
    UNIQUE NULLS NOT DISTINCT (lane, member_id, asset, month, entry_type, from_account, to_account, reference)
);

-- How many entries of a seal are in the archive of a month. Once that archive is gone the seal's hash cannot be
-- computed again, but it is still known how many of its entries must be there.
CREATE TABLE ledger_carried_seal (
  lane          smallint NOT NULL,
  last_sequence bigint   NOT NULL,
  month         date     NOT NULL,
  entry_count   bigint   NOT NULL CHECK (entry_count > 0),
  PRIMARY KEY (lane, last_sequence, month)
);

CREATE TRIGGER ledger_closed_month_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_closed_month
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_carried_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_carried
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_carried_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_carried_seal
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The closed months whose entries are neither in ledger_entry nor in ledger_archive: an operator moved or dropped them.
CREATE VIEW ledger_gone_month AS
  SELECT month, first_request_id, next_request_id FROM ledger_closed_month
  WHERE NOT EXISTS (
    SELECT FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent IN ('ledger_entry'::regclass, 'ledger_archive'::regclass)
      AND relname IN ('ledger_entry_' || to_char(month, 'YYYY_MM'), 'ledger_archive_' || to_char(month, 'YYYY_MM'))
  );

-- All that ever moved, entry by entry where they are kept and summed up where they are gone.
CREATE VIEW ledger_movement AS
  SELECT lane, member_id, asset, entry_type, from_account, to_account, reference, amount, lots, sequence
  FROM ledger_entry
  UNION ALL
  SELECT lane, member_id, asset, entry_type, from_account, to_account, reference, amount, lots, sequence
  FROM ledger_archive
  UNION ALL
  SELECT lane, member_id, asset, entry_type, from_account, to_account, reference, amount, lots, last_sequence
  FROM ledger_carried WHERE month IN (SELECT month FROM ledger_gone_month);

-- The two views of 0003, over what is kept and what was carried.
CREATE OR REPLACE VIEW programme_account AS
  SELECT lane, asset, account, sum(amount)::bigint AS balance
  FROM (
    SELECT lane, asset, to_account AS account, amount FROM ledger_movement
    UNION ALL
    SELECT lane, asset, from_account, -amount FROM ledger_movement
  ) AS movement
  WHERE account NOT IN (1, 4, 5)
  GROUP BY lane, asset, account;

CREATE OR REPLACE VIEW account_mismatch AS
  SELECT lane, member_id, asset, ledger_account.available AS balance_points,
    (coalesce(sum(amount) FILTER (WHERE to_account = 1), 0)
      - coalesce(sum(amount) FILTER (WHERE from_account = 1), 0))::bigint AS entry_points
  FROM ledger_account LEFT JOIN ledger_movement USING (lane, member_id, asset)
  GROUP BY lane, member_id, asset, ledger_account.available
  HAVING ledger_account.available
    <> coalesce(sum(amount) FILTER (WHERE to_account = 1), 0) - coalesce(sum(amount) FILTER (WHERE from_account = 1), 0);
