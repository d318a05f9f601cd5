-- Accounts by member. Every batch reads the accounts of its members; by hash that is one page of an index instead of three, and
-- no comparing of keys on each of them. Nothing that an update changes is in it.
CREATE INDEX ledger_account_member ON ledger_account USING hash (member_id);
