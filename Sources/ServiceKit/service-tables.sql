-- What ServiceKit keeps in the schema of every service that owns data. Copy the tables that the service uses into a
-- migration of its own; ServiceKit never creates tables.

-- Answers by request id: a request sent again gets the first answer, byte for byte. `response` is null only while the
-- first execution is still running in its transaction. A row is written twice in its transaction, hence the room.
CREATE TABLE request (
  request_id     uuid        PRIMARY KEY,
  method         text        NOT NULL,
  payload_digest bytea       NOT NULL CHECK (octet_length(payload_digest) = 32),
  response       bytea,
  recorded_at    timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);

-- The event log. Events are ordered by the transaction that wrote them, then by number. A reader goes no further than the
-- oldest transaction that still runs, so an event whose transaction commits late is never skipped.
CREATE TABLE event (
  transaction_id bigint      NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
  sequence       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
  event_id       uuid        NOT NULL,
  type           text        NOT NULL,
  key            text        NOT NULL,
  payload        bytea       NOT NULL,
  recorded_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (transaction_id, sequence)
);

-- How far the event log has been emptied: one row, present once events have been removed.
CREATE TABLE event_horizon (
  horizon_id     smallint PRIMARY KEY CHECK (horizon_id = 1),
  transaction_id bigint   NOT NULL,
  sequence       bigint   NOT NULL
);

-- How far this service has applied the event logs of others, one row a source. Written in the transaction that applies
-- the events. `owner` is the instance whose turn it is, until `leased_until`.
CREATE TABLE event_cursor (
  source       text        PRIMARY KEY,
  cursor       text        NOT NULL DEFAULT '',
  owner        uuid,
  leased_until timestamptz NOT NULL DEFAULT '-infinity',
  updated_at   timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);

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

-- The key that page tokens are sealed with, made by the first instance that needs it.
CREATE TABLE page_token_key (
  key_id smallint PRIMARY KEY CHECK (key_id = 1),
  secret bytea    NOT NULL CHECK (octet_length(secret) = 32)
);

-- The members of whom this service has heard: by members' events, or because it had to ask.
CREATE TABLE known_member (
  member_id uuid     PRIMARY KEY,
  standing  smallint NOT NULL CHECK (standing IN (1, 2))  -- 1 active, 2 suspended
) WITH (fillfactor = 90);
