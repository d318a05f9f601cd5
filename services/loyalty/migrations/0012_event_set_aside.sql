-- Events of other services that cannot be applied: set aside, and after them all later events of the same key, so that the
-- events of other keys go on. Written in the transaction that moves the cursor past them; removed in the one that applies
-- them. Of each key only the first one is tried: it has a reason, the ones that wait behind it have none.
CREATE TABLE event_set_aside (
  source         text        NOT NULL,
  key            text        NOT NULL,
  number         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,  -- the order in which they came
  event_id       text        NOT NULL,
  cursor         text        NOT NULL,  -- its place in the log of its source
  payload        bytea       NOT NULL,  -- the event as its source sent it
  reason         text,                  -- why it could not be applied
  attempts       integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  since          timestamptz NOT NULL DEFAULT now(),
  tried_at       timestamptz,
  retry_at       timestamptz,           -- when to try it (again)
  skipped_at     timestamptz,           -- an operator decided that it is never applied; it holds nothing back any more
  skipped_reason text,
  PRIMARY KEY (source, key, number),
  CHECK ((skipped_at IS NULL) = (skipped_reason IS NULL))
);
CREATE INDEX event_set_aside_due ON event_set_aside (source, retry_at) WHERE retry_at IS NOT NULL;
