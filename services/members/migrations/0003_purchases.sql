-- What members bought, as the ledger's events tell it. A member need not be known here: the ledger decides who may buy.

-- One receipt.
CREATE TABLE purchase (
  member_id        uuid        NOT NULL,
  order_id         uuid        NOT NULL,
  store_id         text        NOT NULL,
  receipt_number   text        NOT NULL,
  purchased_at     timestamptz NOT NULL,
  currency_code    text        NOT NULL,
  paid_minor_units bigint      NOT NULL CHECK (paid_minor_units >= 0),
  points_earned    bigint      NOT NULL CHECK (points_earned >= 0),
  points_redeemed  bigint      NOT NULL CHECK (points_redeemed >= 0),
  line_count       integer     NOT NULL CHECK (line_count >= 0),
  reversed_at      timestamptz,
  PRIMARY KEY (member_id, order_id)
);

-- A member's history goes latest first, from one key to the next.
CREATE INDEX purchase_history ON purchase (member_id, purchased_at DESC, order_id DESC);

-- The lines of the receipts, in the purchase's currency.
CREATE TABLE purchase_line (
  member_id            uuid    NOT NULL,
  order_id             uuid    NOT NULL,
  line_number          integer NOT NULL CHECK (line_number >= 1),
  product_id           text    NOT NULL,
  description          text    NOT NULL,
  category             text    NOT NULL,
  quantity_thousandths bigint  NOT NULL CHECK (quantity_thousandths >= 0),
  amount_minor_units   bigint  NOT NULL CHECK (amount_minor_units >= 0),
  PRIMARY KEY (member_id, order_id, line_number)
);

-- What a member bought in all, refunded receipts left out. One row a currency: a programme has one for all its orders.
CREATE TABLE purchase_totals (
  member_id         uuid   NOT NULL,
  currency_code     text   NOT NULL,
  purchase_count    bigint NOT NULL CHECK (purchase_count >= 0),
  spent_minor_units bigint NOT NULL CHECK (spent_minor_units >= 0),
  last_purchase_at  timestamptz,
  PRIMARY KEY (member_id, currency_code),
  CONSTRAINT purchase_totals_dated CHECK ((purchase_count = 0) = (last_purchase_at IS NULL))
);

-- Totals that are not what the purchases add up to. Always empty; the auditor and the tests look.
CREATE VIEW purchase_totals_mismatch AS
  WITH counted AS (
    SELECT member_id, currency_code, count(*) AS purchase_count, sum(paid_minor_units)::bigint AS spent_minor_units,
      max(purchased_at) AS last_purchase_at
    FROM purchase WHERE reversed_at IS NULL GROUP BY member_id, currency_code
  )
  SELECT member_id, currency_code
  FROM counted FULL JOIN purchase_totals AS totals USING (member_id, currency_code)
  WHERE coalesce(counted.purchase_count, 0) IS DISTINCT FROM coalesce(totals.purchase_count, 0)
    OR coalesce(counted.spent_minor_units, 0) IS DISTINCT FROM coalesce(totals.spent_minor_units, 0)
    OR counted.last_purchase_at IS DISTINCT FROM totals.last_purchase_at;
