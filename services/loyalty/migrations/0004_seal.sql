-- Evidence that no entry was changed, removed or added later: the entries of each lane are chained by hash.
--
-- A seal covers the entries of its lane whose sequence is after the seal before it and not after its own. Its hash is the
-- SHA-256 of
--   record_send(ROW(lane, previous_sequence, last_sequence, entry_count, sealed_at, hash of the seal before, or '')) ||
--   for each entry, by sequence, member_id, request_id and posting:
--   record_send(ROW(lane, member_id, request_id, posting, entry_type, asset, from_account, to_account, amount, available,
--     sequence, reference, lots, digest, answer))
-- record_send writes how many columns there are and, of each, its type, its length and its bytes: two different rows are
-- never written alike. That can be computed again from the rows alone, with nothing but PostgreSQL.
CREATE TABLE ledger_seal (
  lane              smallint NOT NULL CHECK (lane BETWEEN 0 AND 63),
  last_sequence     bigint   NOT NULL,
  previous_sequence bigint   NOT NULL,  -- of the seal before; the smallest number if there is none
  entry_count       integer  NOT NULL CHECK (entry_count > 0),
  sealed_at         bigint   NOT NULL,
  hash              bytea    NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (lane, last_sequence),
  -- Of several copies of the service that seal the same entries, one does.
  CONSTRAINT ledger_seal_follows_one UNIQUE (lane, previous_sequence),
  CHECK (previous_sequence < last_sequence)
);

-- One row a day over the latest seals of all lanes. Whoever keeps its hash elsewhere can prove later what the ledger was.
-- It is the SHA-256 of
--   record_send(ROW(day, made_at, last_sequences, hash of the root before, or '')) || the seals' hashes, by lane.
CREATE TABLE ledger_root (
  day            integer PRIMARY KEY,  -- on which it was made, in the programme's calendar
  made_at        bigint   NOT NULL,
  last_sequences bigint[] NOT NULL CHECK (cardinality(last_sequences) = 64),  -- of the latest seals from lane 0, or null
  hash           bytea    NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE TRIGGER ledger_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_root_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_root
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The trigger that ledger_entry has looks at statements that name ledger_entry itself. This one is each partition's own, those
-- that are made later too, so that a statement that names a partition is refused as well. It costs an insertion nothing.
CREATE TRIGGER ledger_entry_row_append_only BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- Truncation has no row; a partition that is made later needs this too.
CREATE TRIGGER ledger_entry_default_append_only BEFORE TRUNCATE ON ledger_entry_default
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The lane of a member: FNV-1a of 64 bits over the id's 16 bytes, its two halves xored, modulo 64. The product is taken
-- in halves of 32 bits, because a bigint that overflows is an error.
CREATE FUNCTION ledger_lane(member_id uuid) RETURNS smallint LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  bytes   bytea  := uuid_send(member_id);
  high    bigint := x'cbf29ce4'::bigint;
  low     bigint := x'84222325'::bigint;
  product bigint;
BEGIN
  FOR place IN 0..15 LOOP
    low := low # get_byte(bytes, place);
    product := low * 435;
    high := (high * 435 + (product >> 32) + (low << 8)) & 4294967295;
    low := product & 4294967295;
  END LOOP;
  RETURN (high # low) & 63;
END
$$;
