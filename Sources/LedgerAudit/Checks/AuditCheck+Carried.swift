import Postgres

extension AuditCheck {
  /// What was carried for archived months, beside their archives as long as these are there.
  static let carried = AuditCheck(
    rules: [
      AuditRule("carried.sums", "what was carried for an archived month is what the entries of its archive add up to"),
      AuditRule("carried.seals", "how many entries of a seal are said to be archived is how many are"),
    ],
    query: """
      WITH archived AS (
        SELECT month, lane, member_id, asset, entry_type, from_account, to_account,
          CASE WHEN 4 IN (from_account, to_account) OR 5 IN (from_account, to_account) THEN reference END AS reference,
          amount, lots, sequence
        FROM ledger_archive JOIN ledger_closed_month ON request_id >= first_request_id AND request_id < next_request_id
      ), archived_part AS (
        SELECT month, lane, member_id, asset, entry_type, from_account, to_account, reference, NULL::bigint AS day,
          amount, sequence, 1 AS entry_count
        FROM archived
        UNION ALL
        SELECT month, lane, member_id, asset, entry_type, from_account, to_account, reference, lots[place], lots[place + 1],
          NULL, 0
        FROM archived CROSS JOIN generate_series(1, cardinality(lots), 2) AS place
      ), archived_sum AS (
        SELECT month, lane, member_id, asset, entry_type, from_account, to_account, reference, day,
          sum(amount) AS amount, sum(entry_count) AS entry_count, max(sequence) AS last_sequence
        FROM archived_part
        GROUP BY month, lane, member_id, asset, entry_type, from_account, to_account, reference, day
      ), there AS (
        SELECT * FROM ledger_carried WHERE month NOT IN (SELECT month FROM gone_month)
      ), carried_sum AS (
        SELECT month, lane, member_id, asset, entry_type, from_account, to_account, reference, NULL::bigint AS day,
          sum(amount) AS amount, sum(entry_count) AS entry_count, max(last_sequence) AS last_sequence
        FROM there GROUP BY month, lane, member_id, asset, entry_type, from_account, to_account, reference
        UNION ALL
        SELECT month, lane, member_id, asset, entry_type, from_account, to_account, reference, lots[place],
          sum(lots[place + 1]), 0, NULL
        FROM there CROSS JOIN generate_series(1, cardinality(lots), 2) AS place
        GROUP BY month, lane, member_id, asset, entry_type, from_account, to_account, reference, lots[place]
      ), archived_seal AS (
        SELECT archived.lane, seal.last_sequence, archived.month, count(*) AS entry_count
        FROM archived LEFT JOIN LATERAL (
          SELECT last_sequence FROM ledger_seal
          WHERE ledger_seal.lane = archived.lane AND ledger_seal.last_sequence >= archived.sequence
          ORDER BY last_sequence LIMIT 1
        ) AS seal ON true
        GROUP BY archived.lane, seal.last_sequence, archived.month
      ), carried_seal AS (
        SELECT lane, last_sequence, month, entry_count FROM ledger_carried_seal
        WHERE month NOT IN (SELECT month FROM gone_month)
      )
      SELECT 'carried.sums', lane, 0::bigint, format(
        '%s, member %s, asset %s, type %s from %s to %s%s: %s in %s entries %s', to_char(month, 'YYYY-MM'), member_id, asset,
        entry_type, from_account, to_account, ', last day ' || day, amount, entry_count, finding)
      FROM (
        SELECT *, 'are archived and were not carried so' AS finding
        FROM (SELECT * FROM archived_sum EXCEPT ALL SELECT * FROM carried_sum) AS missing
        UNION ALL
        SELECT *, 'were carried and are not archived so'
        FROM (SELECT * FROM carried_sum EXCEPT ALL SELECT * FROM archived_sum) AS extra
      ) AS different
      UNION ALL
      SELECT 'carried.seals', lane, coalesce(last_sequence, 0), format('the seal up to %s, %s: %s entries %s', last_sequence,
        to_char(month, 'YYYY-MM'), entry_count, finding)
      FROM (
        SELECT *, 'are archived, and it is not said so' AS finding
        FROM (SELECT * FROM archived_seal EXCEPT ALL SELECT * FROM carried_seal) AS missing
        UNION ALL
        SELECT *, 'are said to be archived, and are not'
        FROM (SELECT * FROM carried_seal EXCEPT ALL SELECT * FROM archived_seal) AS extra
      ) AS different
      """
  )
}
