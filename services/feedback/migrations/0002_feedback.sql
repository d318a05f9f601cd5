-- Feedback: what members said, and what was done about it.
CREATE TABLE feedback (
  feedback_id    uuid        PRIMARY KEY,
  member_id      uuid,  -- null: given without a name
  store_id       text        CHECK (char_length(store_id) BETWEEN 1 AND 64),
  receipt_number text        CHECK (char_length(receipt_number) BETWEEN 1 AND 64),
  -- 1 product quality, 2 service, 3 hygiene, 4 billing, 5 suggestion, 6 other
  category       smallint    NOT NULL CHECK (category BETWEEN 1 AND 6),
  text           text        NOT NULL CHECK (char_length(text) BETWEEN 1 AND 4000),
  status         smallint    NOT NULL CHECK (status BETWEEN 1 AND 3),  -- 1 open, 2 assigned, 3 resolved
  assignee       text        CHECK (char_length(assignee) BETWEEN 1 AND 100),
  resolution     text        CHECK (char_length(resolution) BETWEEN 1 AND 2000),
  submitted_at   timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL,
  resolved_at    timestamptz,
  version        bigint      NOT NULL CHECK (version >= 1),
  CONSTRAINT feedback_receipt_has_store CHECK (receipt_number IS NULL OR store_id IS NOT NULL),
  CONSTRAINT feedback_open_is_nobodys CHECK (status <> 1 OR assignee IS NULL),
  CONSTRAINT feedback_assigned_is_somebodys CHECK (status <> 2 OR assignee IS NOT NULL),
  CONSTRAINT feedback_resolved_says_why
    CHECK ((status = 3) = (resolution IS NOT NULL) AND (status = 3) = (resolved_at IS NOT NULL))
);

-- Lists go latest first, from one key to the next. The queue of what is not closed stays small and has its own index.
CREATE INDEX feedback_by_time ON feedback (submitted_at DESC, feedback_id DESC);
CREATE INDEX feedback_unresolved ON feedback (status, submitted_at DESC, feedback_id DESC) WHERE status <> 3;
CREATE INDEX feedback_by_category ON feedback (category, submitted_at DESC, feedback_id DESC);
CREATE INDEX feedback_by_store ON feedback (store_id, submitted_at DESC, feedback_id DESC) WHERE store_id IS NOT NULL;
CREATE INDEX feedback_by_member ON feedback (member_id, submitted_at DESC, feedback_id DESC)
  WHERE member_id IS NOT NULL;
CREATE INDEX feedback_by_assignee ON feedback (assignee, submitted_at DESC, feedback_id DESC)
  WHERE assignee IS NOT NULL;
