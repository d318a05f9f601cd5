-- What returns and reversals pay back, and how much of a line's quantity came back.

ALTER TABLE order_return
  ADD COLUMN quantities           bigint[] NOT NULL DEFAULT '{}',  -- one for each line, in thousandths; empty: from before they were kept
  ADD COLUMN refunded_minor_units bigint,  -- by other means than points
  ADD COLUMN left_minor_units     bigint;  -- what the lines had cost that are left of the order after it
ALTER TABLE waiting_return
  ADD COLUMN quantities bigint[] NOT NULL DEFAULT '{}';  -- one for each line, in thousandths; -1: not said
ALTER TABLE reversal ADD COLUMN refunded_minor_units bigint;  -- by other means than points

-- What was returned before pays back what the rule says now.
ALTER TABLE order_return DISABLE TRIGGER order_return_append_only;
ALTER TABLE reversal DISABLE TRIGGER reversal_append_only;

WITH back AS (
  SELECT return_id, orders.gross_minor_units AS gross, orders.payable_minor_units AS payable, returned_minor_units AS returned,
    sum(returned_minor_units) OVER (PARTITION BY order_id ORDER BY returned_at, return_id) AS total
  FROM order_return JOIN orders USING (order_id)
)
UPDATE order_return SET
  left_minor_units = back.gross - back.total,
  refunded_minor_units = CASE WHEN back.gross = 0 THEN 0
    ELSE div(back.payable::numeric * back.total, back.gross) - div(back.payable::numeric * (back.total - back.returned), back.gross) END
FROM back WHERE back.return_id = order_return.return_id;

UPDATE reversal SET refunded_minor_units = orders.payable_minor_units
  - coalesce((SELECT sum(refunded_minor_units) FROM order_return WHERE order_return.order_id = orders.order_id), 0)
FROM orders WHERE orders.order_id = reversal.order_id;

ALTER TABLE order_return ENABLE TRIGGER order_return_append_only;
ALTER TABLE reversal ENABLE TRIGGER reversal_append_only;
ALTER TABLE order_return
  ALTER COLUMN refunded_minor_units SET NOT NULL, ADD CHECK (refunded_minor_units BETWEEN 0 AND returned_minor_units),
  ALTER COLUMN left_minor_units SET NOT NULL, ADD CHECK (left_minor_units >= 0);
ALTER TABLE reversal
  ALTER COLUMN refunded_minor_units SET NOT NULL, ADD CHECK (refunded_minor_units >= 0);
