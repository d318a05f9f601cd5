-- Whether the member may trade, as members says; of the points account, which every member has before any other.
ALTER TABLE ledger_account
  ADD COLUMN standing smallint NOT NULL DEFAULT 1 CHECK (standing IN (1, 2));  -- 1 active, 2 suspended
