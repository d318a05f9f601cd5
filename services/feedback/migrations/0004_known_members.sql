-- The members of whom feedback has heard: by members' events, or because it had to ask. Feedback that names a member is
-- taken from them alone.
CREATE TABLE known_member (
  member_id uuid     PRIMARY KEY,
  standing  smallint NOT NULL CHECK (standing IN (1, 2))  -- 1 active, 2 suspended
) WITH (fillfactor = 90);
