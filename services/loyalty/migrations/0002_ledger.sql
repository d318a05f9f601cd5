-- The points ledger.
--
-- Every ledger key begins with `lane`: a hash of the member's id modulo 64, computed by the service. It is what the
-- tables can be spread over several nodes by.

-- The one points programme: its rules and what they are worth.
CREATE TABLE programme (
  programme_id           smallint    PRIMARY KEY CHECK (programme_id = 1),
  name                   text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  currency_code          text        NOT NULL CHECK (currency_code ~ '^[A-Z]{3}$'),
  earn_points            bigint      NOT NULL CHECK (earn_points BETWEEN 0 AND 1000000),
  earn_per_minor_units   bigint      NOT NULL CHECK (earn_per_minor_units BETWEEN 1 AND 1000000000),
  earn_rounding          smallint    NOT NULL CHECK (earn_rounding IN (1, 2, 3)),  -- 1 down, 2 half up, 3 up
  redeem_points          bigint      NOT NULL CHECK (redeem_points BETWEEN 1 AND 1000000),
  redeem_minor_units     bigint      NOT NULL CHECK (redeem_minor_units BETWEEN 1 AND 1000000000),
  version                bigint      NOT NULL CHECK (version >= 1),
  updated_at             timestamptz NOT NULL
);

-- A member's account: what its entries add up to. Written only by statements that name the version they were computed
-- from. No index but the key, so that an update stays on its page.
CREATE TABLE account (
  lane                     smallint    NOT NULL CHECK (lane BETWEEN 0 AND 63),
  member_id                uuid        NOT NULL,
  balance_points           bigint      NOT NULL DEFAULT 0 CHECK (balance_points >= 0),
  lifetime_points_earned   bigint      NOT NULL DEFAULT 0 CHECK (lifetime_points_earned >= 0),
  lifetime_points_redeemed bigint      NOT NULL DEFAULT 0 CHECK (lifetime_points_redeemed >= 0),
  last_entry_number        bigint      NOT NULL DEFAULT 0 CHECK (last_entry_number >= 0),
  version                  bigint      NOT NULL DEFAULT 1,
  opened_at                timestamptz NOT NULL,
  updated_at               timestamptz NOT NULL,
  PRIMARY KEY (lane, member_id),
  CONSTRAINT account_adds_up CHECK (balance_points = lifetime_points_earned - lifetime_points_redeemed)
) WITH (fillfactor = 75);

-- The entries, in double entry: each names the account that gives, the account that receives and one amount, so it
-- balances by construction. Accounts: 1 the member's, 2 the programme's issued points, 3 the programme's redeemed points.
-- An entry is inserted from the very row of `account` that the same statement updates, so it needs no foreign key.
CREATE TABLE entry (
  lane           smallint    NOT NULL,
  member_id      uuid        NOT NULL,
  entry_number   bigint      NOT NULL CHECK (entry_number >= 1),
  entry_type     smallint    NOT NULL,  -- 1 earn, 2 redeem, 3 earn reversal, 4 redeem reversal
  from_account   smallint    NOT NULL,
  to_account     smallint    NOT NULL,
  points         bigint      NOT NULL CHECK (points > 0),
  balance_points bigint      NOT NULL CHECK (balance_points >= 0),
  order_id       uuid        NOT NULL,
  request_id     uuid        NOT NULL,
  recorded_at    timestamptz NOT NULL,
  PRIMARY KEY (lane, member_id, entry_number),
  CONSTRAINT entry_accounts_fit_type
    CHECK ((entry_type, from_account, to_account) IN ((1, 2, 1), (2, 1, 3), (3, 1, 2), (4, 3, 1)))
);

-- What was posted, one row a receipt; never changed, for what happens to it later is a reversal. It is the register of
-- request ids and of receipts, both unique in the whole chain and both looked up without knowing the member, which is why
-- its keys do not begin with the lane.
CREATE TABLE orders (
  order_id                    uuid        PRIMARY KEY,
  lane                        smallint    NOT NULL,
  member_id                   uuid        NOT NULL,
  store_id                    text        NOT NULL,
  receipt_number              text        NOT NULL,
  request_digest              bytea       NOT NULL CHECK (octet_length(request_digest) = 32),
  occurred_at                 timestamptz NOT NULL,
  posted_at                   timestamptz NOT NULL,
  gross_minor_units           bigint      NOT NULL CHECK (gross_minor_units >= 0),
  coupon_discount_minor_units bigint      NOT NULL CHECK (coupon_discount_minor_units >= 0),
  points_discount_minor_units bigint      NOT NULL CHECK (points_discount_minor_units >= 0),
  payable_minor_units         bigint      NOT NULL CHECK (payable_minor_units >= 0),
  points_redeemed             bigint      NOT NULL CHECK (points_redeemed >= 0),
  points_earned               bigint      NOT NULL CHECK (points_earned >= 0),
  balance_points              bigint      NOT NULL CHECK (balance_points >= 0),  -- after the posting
  posted_order                bytea       NOT NULL,  -- patron.loyalty.v1.Order as it was answered
  CONSTRAINT orders_receipt_key UNIQUE (store_id, receipt_number),
  CONSTRAINT orders_add_up CHECK (
    payable_minor_units = gross_minor_units - coupon_discount_minor_units - points_discount_minor_units
  )
);

-- What was taken back, at most one row an order.
CREATE TABLE reversal (
  request_id      uuid        PRIMARY KEY,
  order_id        uuid        NOT NULL REFERENCES orders,
  request_digest  bytea       NOT NULL CHECK (octet_length(request_digest) = 32),
  reason          text        NOT NULL,
  points_taken    bigint      NOT NULL CHECK (points_taken >= 0),
  points_returned bigint      NOT NULL CHECK (points_returned >= 0),
  points_short    bigint      NOT NULL CHECK (points_short >= 0),
  balance_points  bigint      NOT NULL CHECK (balance_points >= 0),
  reversed_at     timestamptz NOT NULL,
  CONSTRAINT reversal_order_key UNIQUE (order_id)
);

-- The fate of coupon reservations, each settled once and for all: by the order posted with it, or by campaigns asking.
CREATE TABLE reservation_outcome (
  reservation_id uuid        PRIMARY KEY,
  outcome        smallint    NOT NULL CHECK (outcome IN (1, 2)),  -- 1 posted, 2 voided
  order_id       uuid,
  settled_at     timestamptz NOT NULL,
  CHECK ((outcome = 1) = (order_id IS NOT NULL))
);

-- The records of what happened are only ever added to.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER orders_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON orders
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reversal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reversal
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reservation_outcome_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reservation_outcome
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The balance of the programme's accounts, derived from the entries: no row of theirs is ever written, so none is hot.
CREATE VIEW programme_account AS
  SELECT lane, account, sum(points)::bigint AS balance_points
  FROM (
    SELECT lane, to_account AS account, points FROM entry
    UNION ALL
    SELECT lane, from_account, -points FROM entry
  ) AS movement
  WHERE account IN (2, 3)
  GROUP BY lane, account;

-- Accounts whose balance is not the sum of their entries. Always empty; the auditor and the tests look.
CREATE VIEW account_mismatch AS
  SELECT account.lane, account.member_id, account.balance_points,
    coalesce(sum(CASE WHEN entry.to_account = 1 THEN entry.points ELSE -entry.points END), 0)::bigint AS entry_points
  FROM account LEFT JOIN entry USING (lane, member_id)
  GROUP BY account.lane, account.member_id
  HAVING account.balance_points
    <> coalesce(sum(CASE WHEN entry.to_account = 1 THEN entry.points ELSE -entry.points END), 0);
