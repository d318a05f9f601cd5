-- What tells a new request from one that came before without looking for its entries: the first 64 bits of the greatest
-- request id that ever wrote to the account, unsigned. Request ids are UUIDv7, so nearly every new one is greater than all
-- that a member had before; only those that are not are looked up.
ALTER TABLE ledger_account ADD COLUMN latest_request bigint NOT NULL DEFAULT 0;

UPDATE ledger_account AS account SET latest_request = latest.half
FROM ledger_account AS written CROSS JOIN LATERAL (
  SELECT ('x' || translate(left(request_id::text, 18), '-', ''))::bit(64)::bigint AS half FROM ledger_entry AS entry
  WHERE entry.lane = written.lane AND entry.member_id = written.member_id
  ORDER BY request_id DESC LIMIT 1
) AS latest
WHERE account.lane = written.lane AND account.member_id = written.member_id AND account.asset = written.asset;
