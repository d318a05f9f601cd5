-- What the ledger can be asked beyond sales: other assets, pending points, returns of single lines, corrections by hand,
-- expiry.

-- Growth value, by which tiers are reached, and a stored value.
INSERT INTO asset VALUES (2, 'growth', 1, NULL), (3, 'stored_cny', 2, 'CNY') ON CONFLICT DO NOTHING;

-- How long points of receipts can be spent, for how long they are pending, and what a return does to them.
ALTER TABLE programme
  ADD COLUMN expiry_unit       smallint NOT NULL DEFAULT 0 CHECK (expiry_unit BETWEEN 0 AND 3),  -- 0 never, 1 days, 2 month ends, 3 year ends
  ADD COLUMN expiry_count      integer  NOT NULL DEFAULT 0 CHECK (expiry_count BETWEEN 0 AND 10000),
  ADD COLUMN pending_days      integer  NOT NULL DEFAULT 0 CHECK (pending_days BETWEEN 0 AND 366),
  ADD COLUMN return_policy     smallint NOT NULL DEFAULT 2 CHECK (return_policy BETWEEN 1 AND 3),  -- 1 pending only, 2 within balance, 3 negative allowed
  ADD COLUMN lowest_balance    bigint   NOT NULL DEFAULT 0 CHECK (lowest_balance BETWEEN -1000000000000 AND 0),
  ADD COLUMN restore_grace_days integer CHECK (restore_grace_days BETWEEN 0 AND 3650);  -- null: what is over expires at once

-- After a return a balance may be below zero, if the programme allows it.
ALTER TABLE orders DROP CONSTRAINT orders_balance_points_check;
ALTER TABLE reversal DROP CONSTRAINT reversal_balance_points_check;

-- What came back of orders, in parts. entry_request_id is the request of its entries: the same as return_id, unless the
-- return came before its sale.
CREATE TABLE order_return (
  return_id            uuid        PRIMARY KEY,
  entry_request_id     uuid        NOT NULL UNIQUE,
  order_id             uuid        NOT NULL REFERENCES orders,
  request_digest       bytea       NOT NULL CHECK (octet_length(request_digest) = 32),
  store_id             text        NOT NULL,
  reason               text        NOT NULL,
  lines                bigint[]    NOT NULL,  -- pairs: which line, from 0, and how much of what it cost
  returned_minor_units bigint      NOT NULL CHECK (returned_minor_units >= 0),
  points_taken         bigint      NOT NULL CHECK (points_taken >= 0),
  points_returned      bigint      NOT NULL CHECK (points_returned >= 0),
  points_short         bigint      NOT NULL CHECK (points_short >= 0),
  balance_points       bigint      NOT NULL,
  returned_at          timestamptz NOT NULL
);
CREATE INDEX order_return_order ON order_return (order_id);

-- Returns that came before their sale. One is done when it has a row in order_return.
CREATE TABLE waiting_return (
  return_id        uuid        PRIMARY KEY,
  entry_request_id uuid        NOT NULL UNIQUE,
  lane             smallint    NOT NULL,
  member_id        uuid        NOT NULL,
  sale_store_id    text        NOT NULL,
  receipt_number   text        NOT NULL,
  request_digest   bytea       NOT NULL CHECK (octet_length(request_digest) = 32),
  store_id         text        NOT NULL,
  reason           text        NOT NULL,
  lines            bigint[]    NOT NULL,  -- pairs as in order_return; -1: all that is left of the line
  recorded_at      timestamptz NOT NULL
);
CREATE INDEX waiting_return_receipt ON waiting_return (sale_store_id, receipt_number);

-- Corrections by hand: who gave or took what, why, and who approved it.
CREATE TABLE adjustment (
  lane        smallint    NOT NULL,
  member_id   uuid        NOT NULL,
  request_id  uuid        NOT NULL,
  asset       smallint    NOT NULL,
  amount      bigint      NOT NULL CHECK (amount <> 0),  -- negative if it was taken
  reason      text        NOT NULL,
  staff_id    text        NOT NULL CHECK (staff_id <> ''),
  approver_id text        CHECK (approver_id <> staff_id),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (lane, member_id, request_id)
);

-- The lots that members have been told of before they expire.
CREATE TABLE expiry_notice (
  lane       smallint NOT NULL,
  member_id  uuid     NOT NULL,
  asset      smallint NOT NULL,
  expires_on integer  NOT NULL,
  PRIMARY KEY (lane, member_id, asset, expires_on)
);

CREATE TRIGGER order_return_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_return
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER waiting_return_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON waiting_return
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER adjustment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON adjustment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
