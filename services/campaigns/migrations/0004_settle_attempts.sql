-- How often the ledger was asked about a reservation that is due, for the wait before it is asked again.
ALTER TABLE reservation ADD COLUMN settle_attempts integer NOT NULL DEFAULT 0 CHECK (settle_attempts >= 0);
