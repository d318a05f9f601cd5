import Postgres

extension AuditCheck {
  /// What the seals prove, decided lane by lane.
  static let chainRules = [
    AuditRule("chain.seal", "every seal is what its entries and the seal before it add up to by hash"),
    AuditRule("chain.order", "every seal follows the one before it, and none is missing"),
    AuditRule("chain.open", "no entry has waited for its seal for an hour while the ledger went on"),
  ]

  /// The seals of one lane. What they are made of is described in services/loyalty/migrations/0004_seal.sql and
  /// 0018_sealed_history.sql; it is computed here by a text of our own, so that nothing in the database can speak for itself.
  ///
  /// Of a seal whose entries are partly gone with their month it is only decided how many there are. `posting >= 0`, which
  /// is always true, is the condition of the index by sequence.
  static func chain(lane: Int16) -> AuditCheck {
    AuditCheck(
      rules: chainRules,
      query: """
        WITH seal AS (
          SELECT lane, last_sequence, previous_sequence, entry_count, sealed_at, covers, hash,
            lag(covers) OVER by_sequence AS before_covers, lag(last_sequence) OVER by_sequence AS before_sequence, lag(hash) OVER by_sequence AS before_hash
          FROM ledger_seal WHERE lane = \(lane)
          WINDOW by_sequence AS (ORDER BY last_sequence)
        )
        SELECT 'chain.seal', seal.lane, last_sequence, format('sequences after %s up to %s: ',
          \(previousText), last_sequence) || CASE
          WHEN sealed.entry_count + gone.entry_count <> seal.entry_count THEN format(
            '%s entries were sealed, %s are there', seal.entry_count, sealed.entry_count)
            || CASE WHEN gone.entry_count > 0 THEN format(', %s are gone with their month', gone.entry_count) ELSE '' END
          ELSE format('one of its %s entries was changed, or the seal itself, or the seal before it', seal.entry_count) END
        FROM seal CROSS JOIN LATERAL (
          SELECT count(*) AS entry_count, coalesce(string_agg(CASE WHEN seal.covers = 1 THEN
              record_send(ROW(entry.lane, entry.member_id, entry.request_id, entry.posting, entry.entry_type, entry.asset,
                entry.from_account, entry.to_account, entry.amount, entry.available, entry.sequence, entry.reference,
                entry.lots, entry.digest, entry.answer))
            ELSE
              record_send(ROW(entry.lane, entry.member_id, entry.request_id, entry.posting, entry.entry_type, entry.asset,
                entry.from_account, entry.to_account, entry.amount, entry.available, entry.sequence, entry.reference,
                entry.lots, entry.digest, entry.answer, entry.follows))
            END, ''::bytea ORDER BY entry.sequence, entry.member_id, entry.request_id, entry.posting), ''::bytea) AS entries
          FROM kept_entry AS entry
          WHERE entry.lane = \(lane) AND entry.sequence > seal.previous_sequence AND entry.sequence <= seal.last_sequence
            AND entry.posting >= 0
        ) AS sealed CROSS JOIN LATERAL (
          SELECT coalesce(sum(carried.entry_count), 0) AS entry_count FROM ledger_carried_seal AS carried
          WHERE carried.lane = \(lane) AND carried.last_sequence = seal.last_sequence
            AND carried.month IN (SELECT month FROM gone_month)
        ) AS gone
        WHERE sealed.entry_count + gone.entry_count <> seal.entry_count
          OR gone.entry_count = 0 AND hash <> sha256(CASE WHEN seal.covers = 1 THEN
              record_send(ROW(seal.lane, seal.previous_sequence, last_sequence, seal.entry_count, sealed_at,
                coalesce(before_hash, ''::bytea)))
            ELSE
              record_send(ROW(seal.lane, seal.previous_sequence, last_sequence, seal.entry_count, sealed_at,
                coalesce(before_hash, ''::bytea), seal.covers))
            END || sealed.entries)
        UNION ALL
        SELECT 'chain.order', lane, last_sequence, format('the seal up to %s says that the one before it ends at %s; %s',
          last_sequence, \(previousText), coalesce('the one that is there ends at ' || before_sequence, 'there is none'))
        FROM seal WHERE previous_sequence <> coalesce(before_sequence, \(Int64.min))
        UNION ALL
        SELECT 'chain.order', lane, last_sequence, format(
          'the seal up to %s covers less of its entries than the one before it', last_sequence)
        FROM seal WHERE covers < before_covers
        UNION ALL
        SELECT 'chain.open', open.lane, open.sequence, format('%s entries from sequence %s on are not sealed',
          open.entry_count, open.sequence)
        FROM (
          SELECT lane, count(*) AS entry_count, min(sequence) AS sequence FROM kept_entry
          WHERE lane = \(lane) AND sequence > coalesce((SELECT max(last_sequence) FROM seal), \(Int64.min))
            AND posting >= 0
          GROUP BY lane
        ) AS open
        WHERE open.sequence < 3600000000 * -1 + greatest(
          (SELECT max(last_sequence) FROM lane), (SELECT max(sealed_at) FROM ledger_seal))
        """
    )
  }

  private static let previousText: SQL = """
    CASE WHEN previous_sequence = \(raw: "'\(Int64.min)'::bigint") THEN 'the beginning' ELSE previous_sequence::text END
    """

  /// The daily roots.
  ///
  /// - Parameter known: Hashes that were kept elsewhere, in hexadecimal.
  static func roots(known: [String]) -> AuditCheck {
    AuditCheck(
      rules: [
        AuditRule("chain.root", "every daily root is what its seals and the root before it add up to by hash")
      ] + (known.isEmpty ? [] : [AuditRule("chain.known", "the roots that were kept elsewhere are there")]),
      query: """
        SELECT 'chain.root', NULL::smallint, day::bigint, format('the root of %s: ', '1970-01-01'::date + day)
          || coalesce('the seal of lane ' || missing_lane || ' is missing', 'a seal or the root itself was changed')
        FROM (
          SELECT root.day, root.hash, sealed.missing_lane, sha256(record_send(ROW(root.day, root.made_at,
            root.last_sequences, coalesce(lag(root.hash) OVER (ORDER BY root.day), ''::bytea))) || sealed.hashes) AS proven
          FROM ledger_root AS root CROSS JOIN LATERAL (
            SELECT coalesce(string_agg(seal.hash, ''::bytea ORDER BY named.place), ''::bytea) AS hashes,
              min(named.place - 1) FILTER (WHERE named.last_sequence IS NOT NULL AND seal.hash IS NULL) AS missing_lane
            FROM unnest(root.last_sequences) WITH ORDINALITY AS named (last_sequence, place)
              LEFT JOIN ledger_seal AS seal ON seal.lane = named.place - 1 AND seal.last_sequence = named.last_sequence
          ) AS sealed
        ) AS root
        WHERE missing_lane IS NOT NULL OR hash <> proven
        UNION ALL
        SELECT 'chain.known', NULL, 0, format('there is no root %s', known.hash)
        FROM unnest(\(known)) AS known (hash)
        WHERE NOT EXISTS (SELECT 1 FROM ledger_root WHERE encode(ledger_root.hash, 'hex') = lower(known.hash))
        """
    )
  }
}
