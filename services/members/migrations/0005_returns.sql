-- Purchases follow what comes back: by returns, in whatever parts and order, and by reversals.

DROP VIEW purchase_totals_mismatch;

-- What the lines had cost together, and how much of that came back by returns. The rule of what a return pays back is said
-- here once: of what was paid the same part as of what the lines had cost, rounded down. All of it is back with the last
-- line, and with a reversal.
ALTER TABLE purchase
  ADD COLUMN gross_minor_units    bigint NOT NULL DEFAULT 0 CHECK (gross_minor_units >= 0),
  ADD COLUMN returned_minor_units bigint NOT NULL DEFAULT 0,
  ADD COLUMN last_returned_at     timestamptz;
UPDATE purchase SET gross_minor_units = least(line.minor_units, 9223372036854775807)
FROM (SELECT member_id, order_id, sum(amount_minor_units) AS minor_units FROM purchase_line GROUP BY member_id, order_id) AS line
WHERE purchase.member_id = line.member_id AND purchase.order_id = line.order_id;
ALTER TABLE purchase
  ALTER COLUMN gross_minor_units DROP DEFAULT,
  ADD CONSTRAINT purchase_returned_of_gross CHECK (returned_minor_units BETWEEN 0 AND gross_minor_units),
  ADD COLUMN is_returned boolean NOT NULL GENERATED ALWAYS AS (
    reversed_at IS NOT NULL OR last_returned_at IS NOT NULL AND returned_minor_units = gross_minor_units
  ) STORED,
  ADD COLUMN refunded_minor_units bigint NOT NULL GENERATED ALWAYS AS (
    CASE
      WHEN reversed_at IS NOT NULL OR last_returned_at IS NOT NULL AND returned_minor_units = gross_minor_units
        THEN paid_minor_units
      WHEN returned_minor_units = 0 THEN 0
      ELSE div(paid_minor_units::numeric * returned_minor_units, gross_minor_units)::bigint
    END
  ) STORED;

ALTER TABLE purchase_line
  ADD COLUMN returned_quantity_thousandths bigint NOT NULL DEFAULT 0,
  ADD COLUMN returned_minor_units          bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT purchase_line_returned CHECK (
    returned_quantity_thousandths BETWEEN 0 AND quantity_thousandths
    AND returned_minor_units BETWEEN 0 AND amount_minor_units
  );

-- The returns that have been counted, so that each counts once.
CREATE TABLE purchase_return (
  member_id            uuid        NOT NULL,
  order_id             uuid        NOT NULL,
  return_id            uuid        NOT NULL,
  returned_minor_units bigint      NOT NULL CHECK (returned_minor_units >= 0),  -- what its lines had cost
  returned_at          timestamptz NOT NULL,
  PRIMARY KEY (member_id, order_id, return_id)
);

-- Sums of many amounts, of which each may be as large as its column allows.
ALTER TABLE purchase_totals
  DROP COLUMN spent_minor_units,
  ADD COLUMN returned_purchase_count bigint         NOT NULL DEFAULT 0 CHECK (returned_purchase_count >= 0),
  ADD COLUMN paid_minor_units        numeric(38, 0) NOT NULL DEFAULT 0,
  ADD COLUMN refunded_minor_units    numeric(38, 0) NOT NULL DEFAULT 0;
UPDATE purchase_totals AS totals SET
  returned_purchase_count = counted.returned_purchase_count,
  paid_minor_units = counted.paid_minor_units,
  refunded_minor_units = counted.refunded_minor_units
FROM (
  SELECT member_id, currency_code, count(*) FILTER (WHERE is_returned) AS returned_purchase_count,
    sum(paid_minor_units) AS paid_minor_units, sum(refunded_minor_units) AS refunded_minor_units
  FROM purchase GROUP BY member_id, currency_code
) AS counted
WHERE totals.member_id = counted.member_id AND totals.currency_code = counted.currency_code;
ALTER TABLE purchase_totals
  ALTER COLUMN returned_purchase_count DROP DEFAULT,
  ALTER COLUMN paid_minor_units DROP DEFAULT,
  ALTER COLUMN refunded_minor_units DROP DEFAULT,
  ADD CONSTRAINT purchase_totals_refunded CHECK (refunded_minor_units BETWEEN 0 AND paid_minor_units);

-- Purchases that do not follow their returns, and totals that are not what the purchases add up to. Always empty; the
-- auditor and the tests look.
CREATE VIEW purchase_totals_mismatch AS
  WITH back AS (
    SELECT member_id, order_id, sum(returned_minor_units) AS minor_units, max(returned_at) AS last_returned_at
    FROM purchase_return GROUP BY member_id, order_id
  ), line AS (
    SELECT member_id, order_id, sum(returned_minor_units) AS minor_units
    FROM purchase_line GROUP BY member_id, order_id
  ), counted AS (
    SELECT member_id, currency_code, count(*) FILTER (WHERE NOT is_returned) AS purchase_count,
      count(*) FILTER (WHERE is_returned) AS returned_purchase_count, sum(paid_minor_units) AS paid_minor_units,
      sum(refunded_minor_units) AS refunded_minor_units, max(purchased_at) FILTER (WHERE NOT is_returned) AS last_purchase_at
    FROM purchase GROUP BY member_id, currency_code
  )
  SELECT member_id, currency_code
  FROM purchase FULL JOIN back USING (member_id, order_id) LEFT JOIN line USING (member_id, order_id)
  WHERE purchase.returned_minor_units IS DISTINCT FROM coalesce(back.minor_units, 0)
    OR purchase.returned_minor_units <> coalesce(line.minor_units, 0)
    OR purchase.last_returned_at IS DISTINCT FROM back.last_returned_at
  UNION
  SELECT member_id, currency_code
  FROM counted FULL JOIN purchase_totals AS totals USING (member_id, currency_code)
  WHERE coalesce(counted.purchase_count, 0) IS DISTINCT FROM totals.purchase_count
    OR coalesce(counted.returned_purchase_count, 0) IS DISTINCT FROM totals.returned_purchase_count
    OR coalesce(counted.paid_minor_units, 0) IS DISTINCT FROM totals.paid_minor_units
    OR coalesce(counted.refunded_minor_units, 0) IS DISTINCT FROM totals.refunded_minor_units
    OR counted.last_purchase_at IS DISTINCT FROM totals.last_purchase_at;

-- The ledger's events so far were followed without their returns. They are followed again, as far as the ledger keeps them;
-- what was counted before does not count again.
UPDATE event_cursor SET cursor = '' WHERE source = 'loyalty';
