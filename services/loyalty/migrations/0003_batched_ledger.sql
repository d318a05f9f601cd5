-- The ledger in the shape that is written by micro-batches: one statement reads what a batch of requests needs, the
-- service decides, one statement writes it all.
--
-- Sums of money and points are integers; times inside the ledger are microseconds since 1970; days are counted from
-- 1970-01-01 in the programme's calendar, 2147483647 being "never".

-- The assets: 1 the programme's spendable points; others may follow.
CREATE TABLE asset (
  asset         smallint PRIMARY KEY CHECK (asset BETWEEN 1 AND 999),
  code          text     NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9_]{0,31}$'),
  kind          smallint NOT NULL CHECK (kind IN (1, 2)),  -- 1 points, 2 money
  currency_code text     CHECK (currency_code ~ '^[A-Z]{3}$'),
  CHECK ((kind = 2) = (currency_code IS NOT NULL))
);
INSERT INTO asset VALUES (1, 'points', 1, NULL);

-- One row a lane. Whoever writes to a lane holds its row until the commit, so the numbers become visible in order.
CREATE TABLE lane (
  lane          smallint PRIMARY KEY CHECK (lane BETWEEN 0 AND 63),
  last_sequence bigint   NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO lane SELECT generate_series(0, 63);

-- What a member has of one asset, with the open lots in the row: all that deciding a request needs. Written only by
-- statements that name the version they were computed from. No index but the key, so that an update stays on its page.
CREATE TABLE ledger_account (
  lane            smallint NOT NULL CHECK (lane BETWEEN 0 AND 63),
  member_id       uuid     NOT NULL,
  asset           smallint NOT NULL,
  available       bigint   NOT NULL,                     -- can be spent now: the lots less the debt
  held            bigint   NOT NULL CHECK (held >= 0),     -- set aside by holds
  pending         bigint   NOT NULL CHECK (pending >= 0),  -- earned, not yet to be spent
  lifetime_earned bigint   NOT NULL CHECK (lifetime_earned >= 0),
  lifetime_spent  bigint   NOT NULL CHECK (lifetime_spent >= 0),
  version         bigint   NOT NULL CHECK (version >= 1),
  opened_at       bigint   NOT NULL,
  updated_at      bigint   NOT NULL,
  lots            bigint[] NOT NULL,  -- pairs of last day and amount, soonest first
  holds           bigint[],           -- each: the id's two halves, when it ends, how many lots, their pairs
  pending_lots    bigint[],           -- each: the id's two halves, amount, last day, when it becomes spendable or -1
  PRIMARY KEY (lane, member_id, asset)
) WITH (fillfactor = 75);

-- The entries, in double entry: each names the account that gives, the account that receives and one amount, so it
-- balances by construction. Accounts: 1 available, 4 pending and 5 held are the member's; the others are the
-- programme's: 2 issued, 3 redeemed, 6 expired, 7 compensation, 8 stored-value float, 9 gift bonus, 10 transfer.
--
-- An entry is also the register of request ids: every request leaves at least one, if need be of amount 0, and the first
-- one of a request has the digest of what was asked. Request ids are UUIDv7 and sort by time: by them the table is
-- partitioned, and its one unique index finds both a request sent again and a member's history.
CREATE TABLE ledger_entry (
  lane         smallint NOT NULL,
  member_id    uuid     NOT NULL,
  request_id   uuid     NOT NULL,
  posting      smallint NOT NULL CHECK (posting >= 0),  -- its place in the request
  entry_type   smallint NOT NULL,
  asset        smallint NOT NULL,
  from_account smallint NOT NULL,
  to_account   smallint NOT NULL,
  amount       bigint   NOT NULL CHECK (amount >= 0),
  available    bigint   NOT NULL,  -- the member's, after it
  sequence     bigint   NOT NULL,  -- its place in the lane, and when it was recorded
  reference    uuid,               -- the order, hold or pending lot that it belongs to
  lots         bigint[],           -- the slices that moved, pairs as in ledger_account
  digest       bytea    CHECK (octet_length(digest) = 32),
  answer       bytea,              -- what was answered, where the entries alone do not say it
  PRIMARY KEY (lane, member_id, request_id, posting),
  CHECK ((posting = 0) = (digest IS NOT NULL)),
  CHECK (from_account IN (1, 4, 5) OR to_account IN (1, 4, 5))
) PARTITION BY RANGE (request_id);
CREATE INDEX ledger_entry_sequence ON ledger_entry (lane, sequence);
-- Holds ids of other versions, and those dated before the first partition or after the last.
CREATE TABLE ledger_entry_default PARTITION OF ledger_entry DEFAULT;

CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Fails the statement that calls it, and with it the batch, if something changed since the batch was read.
CREATE FUNCTION require_unchanged(is_unchanged boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF NOT is_unchanged THEN
    RAISE EXCEPTION 'the ledger changed since the batch was read' USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN true;
END
$$;

-- What was there before, in the new shape.
INSERT INTO ledger_account
SELECT lane, member_id, 1, balance_points, 0, 0, lifetime_points_earned, lifetime_points_redeemed, version,
  (extract(epoch FROM opened_at) * 1000000)::bigint, (extract(epoch FROM updated_at) * 1000000)::bigint,
  CASE WHEN balance_points > 0 THEN ARRAY[2147483647, balance_points] ELSE '{}' END
FROM account;

WITH request AS (
  SELECT order_id AS request_id, order_id, lane, member_id, request_digest, posted_at AS recorded_at, balance_points
  FROM orders
  UNION ALL
  SELECT reversal.request_id, order_id, lane, member_id, reversal.request_digest, reversed_at, reversal.balance_points
  FROM reversal JOIN orders USING (order_id)
), placed AS (
  SELECT request.*, entry.entry_type, entry.from_account, entry.to_account, entry.points,
    coalesce(entry.balance_points, request.balance_points) AS available,
    row_number() OVER (PARTITION BY request.request_id ORDER BY entry.entry_number) - 1 AS posting,
    (extract(epoch FROM request.recorded_at) * 1000000)::bigint AS microseconds,
    row_number() OVER (
      PARTITION BY request.lane ORDER BY request.recorded_at, request.request_id, entry.entry_number
    ) AS place
  FROM request LEFT JOIN entry ON entry.lane = request.lane AND entry.member_id = request.member_id
    AND entry.request_id = request.request_id
), numbered AS (
  -- The time, or one more than the entry before if that is later.
  SELECT placed.*,
    place + max(microseconds - place) OVER (PARTITION BY lane ORDER BY place) AS sequence
  FROM placed
)
INSERT INTO ledger_entry
SELECT lane, member_id, request_id, posting, coalesce(entry_type, 0), 1, coalesce(from_account, 1),
  coalesce(to_account, 1), coalesce(points, 0), available,
  sequence, order_id,
  CASE WHEN points > 0 THEN ARRAY[2147483647, points] END,
  CASE WHEN posting = 0 THEN request_digest END
FROM numbered;

UPDATE lane SET last_sequence = latest.sequence
FROM (SELECT lane, max(sequence) AS sequence FROM ledger_entry GROUP BY lane) AS latest WHERE latest.lane = lane.lane;

DROP VIEW programme_account, account_mismatch;
DROP TABLE entry, account;

-- The balance of the programme's accounts, derived from the entries: no row of theirs is ever written, so none is hot.
CREATE VIEW programme_account AS
  SELECT lane, asset, account, sum(amount)::bigint AS balance
  FROM (
    SELECT lane, asset, to_account AS account, amount FROM ledger_entry
    UNION ALL
    SELECT lane, asset, from_account, -amount FROM ledger_entry
  ) AS movement
  WHERE account NOT IN (1, 4, 5)
  GROUP BY lane, asset, account;

-- Accounts whose balance is not the sum of their entries. Always empty; the auditor and the tests look.
CREATE VIEW account_mismatch AS
  SELECT lane, member_id, asset, ledger_account.available AS balance_points,
    (coalesce(sum(amount) FILTER (WHERE to_account = 1), 0)
      - coalesce(sum(amount) FILTER (WHERE from_account = 1), 0))::bigint AS entry_points
  FROM ledger_account LEFT JOIN ledger_entry USING (lane, member_id, asset)
  GROUP BY lane, member_id, asset, ledger_account.available
  HAVING ledger_account.available
    <> coalesce(sum(amount) FILTER (WHERE to_account = 1), 0) - coalesce(sum(amount) FILTER (WHERE from_account = 1), 0);
