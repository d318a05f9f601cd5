-- Sums over entries that are wider than 64 bits. Entries may add up to more than any balance: what a member earns, spends
-- and earns again is counted each time.

-- What is carried for a month is split where one number does not take it: into parts from 0 on, of which the first counts the
-- entries. All sums over what was carried are as they were.
ALTER TABLE ledger_carried
  ADD COLUMN part smallint NOT NULL DEFAULT 0 CHECK (part >= 0),
  DROP CONSTRAINT ledger_carried_key,
  ADD CONSTRAINT ledger_carried_key
    UNIQUE NULLS NOT DISTINCT (lane, member_id, asset, month, entry_type, from_account, to_account, reference, part),
  DROP CONSTRAINT ledger_carried_entry_count_check,
  ADD CONSTRAINT ledger_carried_entry_count_check CHECK (entry_count >= 0 AND (entry_count > 0 OR part > 0));

DROP VIEW programme_account, account_mismatch;

-- The balance of the programme's accounts, derived from the entries: no row of theirs is ever written, so none is hot.
CREATE VIEW programme_account AS
  SELECT lane, asset, account, sum(amount) AS balance
  FROM (
    SELECT lane, asset, to_account AS account, amount FROM ledger_movement
    UNION ALL
    SELECT lane, asset, from_account, -amount FROM ledger_movement
  ) AS movement
  WHERE account NOT IN (1, 4, 5)
  GROUP BY lane, asset, account;

-- Accounts whose balance is not the sum of their entries. Always empty; the auditor and the tests look.
CREATE VIEW account_mismatch AS
  SELECT lane, member_id, asset, ledger_account.available AS balance_points,
    coalesce(sum(amount) FILTER (WHERE to_account = 1), 0)
      - coalesce(sum(amount) FILTER (WHERE from_account = 1), 0) AS entry_points
  FROM ledger_account LEFT JOIN ledger_movement USING (lane, member_id, asset)
  GROUP BY lane, member_id, asset, ledger_account.available
  HAVING ledger_account.available
    <> coalesce(sum(amount) FILTER (WHERE to_account = 1), 0) - coalesce(sum(amount) FILTER (WHERE from_account = 1), 0);
