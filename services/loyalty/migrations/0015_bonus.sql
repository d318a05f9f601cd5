-- Money that was paid in, and bonus that the programme gave on top: lots of their own, of which only the first is paid out.
--
-- The first number of a lot, wherever lots are kept, is from now on its key: its last day, less 2^32 if it is bonus. So bonus
-- comes before money that was paid in, and is spent first; lots of points are as they were.
--
-- What members have of money already becomes bonus where it has a last day, because money that was paid in has none. Of what
-- has none, that is bonus which gifts and staff gave and which has not been spent since, if bonus was spent first. It is
-- moved by two entries, out of the lots that it was in and into its own: entries that are there are never changed. What is
-- held is marked where it is held; of that without a last day nothing is.
DO $$
DECLARE
  found          record;
  moment         bigint;
  endless        bigint;
  endless_bonus  bigint;
  given          numeric;
  moved          bigint;
  old_lots       bigint[];
  new_lots       bigint[];
  kept_lots      bigint[];
  new_holds      bigint[];
  place          integer;
  slices         integer;
  first_sequence bigint;
  request        uuid;
BEGIN
  FOR found IN
    SELECT account.* FROM ledger_account AS account JOIN asset USING (asset)
    WHERE kind = 2 AND (cardinality(lots) > 0 OR cardinality(holds) > 0) ORDER BY lane, member_id, asset FOR UPDATE OF account
  LOOP
    SELECT coalesce(sum(lots[at + 1]), 0) INTO endless FROM (SELECT found.lots AS lots) AS account
      CROSS JOIN generate_series(1, cardinality(lots), 2) AS at WHERE lots[at] = 2147483647;
    SELECT coalesce(sum(CASE WHEN to_account = 1 AND from_account IN (7, 9) THEN lots[at + 1] END), 0)
        - coalesce(sum(CASE WHEN from_account = 1 AND entry_type <> 16 THEN lots[at + 1] END), 0) INTO given
      FROM ledger_movement CROSS JOIN generate_series(1, cardinality(lots), 2) AS at
      WHERE lane = found.lane AND member_id = found.member_id AND asset = found.asset AND lots[at] = 2147483647;
    endless_bonus := least(endless, greatest(given, 0));
    old_lots := '{}';
    new_lots := '{}';
    kept_lots := '{}';
    moved := endless_bonus;
    FOR place IN SELECT generate_series(1, cardinality(found.lots), 2) LOOP
      IF found.lots[place] < 2147483647 THEN
        old_lots := old_lots || found.lots[place:place + 1];
        new_lots := new_lots || ARRAY[found.lots[place] - 4294967296, found.lots[place + 1]];
        moved := moved + found.lots[place + 1];
      END IF;
    END LOOP;
    IF endless_bonus > 0 THEN
      old_lots := old_lots || ARRAY[2147483647, endless_bonus];
      new_lots := new_lots || ARRAY[2147483647 - 4294967296, endless_bonus];
    END IF;
    IF endless > endless_bonus THEN kept_lots := ARRAY[2147483647, endless - endless_bonus]; END IF;

    -- Each hold: the id's two halves, when it ends, how many lots, their pairs.
    new_holds := found.holds;
    place := 1;
    WHILE place <= coalesce(cardinality(new_holds), 0) LOOP
      slices := new_holds[place + 3];
      place := place + 4;
      WHILE slices > 0 LOOP
        IF new_holds[place] < 2147483647 THEN new_holds[place] := new_holds[place] - 4294967296; END IF;
        place := place + 2;
        slices := slices - 1;
      END LOOP;
    END LOOP;

    moment := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
    IF moved = 0 THEN
      UPDATE ledger_account SET holds = new_holds, version = version + 1, room = NULL
      WHERE lane = found.lane AND member_id = found.member_id AND asset = found.asset AND holds IS DISTINCT FROM new_holds;
      CONTINUE;
    END IF;
    request := (lpad(to_hex(moment / 1000), 12, '0') || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14, 19))::uuid;
    UPDATE lane SET last_sequence = greatest(last_sequence, moment) + 2 WHERE lane.lane = found.lane
      RETURNING last_sequence - 1 INTO first_sequence;
    INSERT INTO ledger_entry (lane, member_id, request_id, posting, entry_type, asset, from_account, to_account, amount,
      available, sequence, lots, digest, follows)
    VALUES
      (found.lane, found.member_id, request, 0, 16, found.asset, 1, 9, moved, found.available - moved, first_sequence,
        old_lots, sha256('bonus'), found.written_by),
      (found.lane, found.member_id, request, 1, 15, found.asset, 9, 1, moved, found.available, first_sequence + 1,
        new_lots, NULL, found.written_by);
    UPDATE ledger_account SET lots = new_lots || kept_lots, holds = new_holds, version = version + 1, updated_at = moment,
      latest_request = greatest(latest_request, ('x' || translate(left(request::text, 18), '-', ''))::bit(64)::bigint),
      written_by = request, room = NULL
    WHERE lane = found.lane AND member_id = found.member_id AND asset = found.asset;
  END LOOP;
END
$$;
