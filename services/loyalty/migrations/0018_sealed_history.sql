-- Seals made from now on cover an entry's `follows` too: pointed elsewhere by hand, a member's history would go another way, and
-- where it points into a month that is gone nothing else would notice.
--
-- What a seal covers is said by `covers`: 1 as in 0004_seal.sql; 2 with `follows` as the last column of each entry's row, and
-- with `covers` itself as the last column of the seal's. It never goes back from one seal of a lane to the next.
ALTER TABLE ledger_seal ADD COLUMN covers smallint NOT NULL DEFAULT 1 CHECK (covers IN (1, 2));
