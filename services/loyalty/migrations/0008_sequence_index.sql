-- The index by which entries are sealed, with the sequence first. All lanes' sequences are about the time, so a new entry's
-- place is at the index's end, whatever its lane; with the lane first it was at one of 64 places. The lane comes second: who
-- reads one lane's entries need not look at the others' rows.
DROP INDEX ledger_entry_sequence;
CREATE INDEX ledger_entry_sequence ON ledger_entry (sequence, lane) WHERE posting >= 0;
