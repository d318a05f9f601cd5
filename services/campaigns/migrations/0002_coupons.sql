-- Coupon templates, the members' coupons, and the reservations that hold coupons for an order.

-- What coupons of one kind do.
CREATE TABLE coupon_template (
  template_id           uuid        PRIMARY KEY,
  code                  text        NOT NULL CHECK (char_length(code) BETWEEN 1 AND 64),
  title                 text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 100),
  amount_minor_units    bigint      CHECK (amount_minor_units > 0),
  share_basis_points    integer     CHECK (share_basis_points BETWEEN 1 AND 10000),
  maximum_minor_units   bigint      CHECK (maximum_minor_units > 0),
  threshold_minor_units bigint      CHECK (threshold_minor_units > 0),
  currency_code         text        CHECK (currency_code ~ '^[A-Z]{3}$'),
  valid_from            timestamptz,
  valid_before          timestamptz,
  created_at            timestamptz NOT NULL,
  CONSTRAINT coupon_template_code_key UNIQUE (code),
  CONSTRAINT coupon_template_one_benefit CHECK ((amount_minor_units IS NULL) <> (share_basis_points IS NULL)),
  CONSTRAINT coupon_template_maximum_of_share CHECK (maximum_minor_units IS NULL OR share_basis_points IS NOT NULL),
  CONSTRAINT coupon_template_currency CHECK (
    currency_code IS NOT NULL
    OR (amount_minor_units IS NULL AND maximum_minor_units IS NULL AND threshold_minor_units IS NULL)
  ),
  CONSTRAINT coupon_template_validity CHECK (valid_from < valid_before)
);

-- Coupons held for an order. While `status` is active (1) or closing (2) they are held; redeemed (3): used up by the
-- posted order; released (4): the ledger voided the reservation; returned (5): the order was reversed.
CREATE TABLE reservation (
  reservation_id      uuid        PRIMARY KEY,
  order_id            uuid        NOT NULL,
  member_id           uuid        NOT NULL,
  coupon_ids          uuid[]      NOT NULL CHECK (cardinality(coupon_ids) >= 1),
  discounts           bigint[]    NOT NULL CHECK (cardinality(discounts) = cardinality(coupon_ids)),
  currency_code       text        NOT NULL,
  request_digest      bytea       NOT NULL CHECK (octet_length(request_digest) = 32),
  status              smallint    NOT NULL CHECK (status BETWEEN 1 AND 5),
  created_at          timestamptz NOT NULL,
  expires_at          timestamptz NOT NULL,
  due_at              timestamptz NOT NULL,  -- when to ask the ledger (again)
  settled_at          timestamptz,
  CONSTRAINT reservation_settled CHECK ((settled_at IS NULL) = (status IN (1, 2)))
);

-- An order has at most one reservation that was not released.
CREATE UNIQUE INDEX reservation_order_key ON reservation (order_id) WHERE status <> 4;

-- What is due, for the job that settles reservations that ran out.
CREATE INDEX reservation_due ON reservation (due_at) WHERE status IN (1, 2);

-- One coupon of one member. Where it is in its life follows from the reservation it points to: free if there is none or
-- if that was released or returned, otherwise held or used up. A coupon is pointed elsewhere only while it is free and
-- its row is locked, so it is never promised to two orders.
CREATE TABLE coupon (
  member_id      uuid        NOT NULL,
  coupon_id      uuid        NOT NULL,
  template_id    uuid        NOT NULL REFERENCES coupon_template,
  issued_at      timestamptz NOT NULL,
  reservation_id uuid        REFERENCES reservation,
  PRIMARY KEY (member_id, coupon_id)
) WITH (fillfactor = 90);
