-- Room on the pages of accounts, so that PostgreSQL tidies a page once for several updates instead of once for each.
--
-- A page is tidied (pruned) by whoever reads it when less of it is free than the fillfactor leaves to updates. An insertion
-- fills a page up to that very line, so that any later update crossed it and the next reader tidied the page for one row.
-- Now a new account comes with bytes that its first update gives up, and the line is lower than where that leaves the page.
ALTER TABLE ledger_account ADD COLUMN room bytea DEFAULT decode(repeat('00', 64), 'hex');
ALTER TABLE ledger_account SET (fillfactor = 90);
