-- The members of whom campaigns has heard: by members' events, or because it had to ask. Coupons are given to them alone.
CREATE TABLE known_member (
  member_id uuid     PRIMARY KEY,
  standing  smallint NOT NULL CHECK (standing IN (1, 2))  -- 1 active, 2 suspended
) WITH (fillfactor = 90);
