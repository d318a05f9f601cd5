import Postgres

extension AuditCheck {
  /// How a member's history is found: from request to request.
  ///
  /// Where the request that an entry follows is gone with its month, nothing can be proven about it.
  static let history = AuditCheck(
    rules: [
      AuditRule("entry.follows", "an entry names the request that wrote to its account before"),
      AuditRule("account.writer", "an account names the request that wrote to it last"),
    ],
    query: """
      WITH link AS (
        SELECT lane, member_id, asset, request_id, posting, sequence, follows, lag(request_id) OVER account AS before,
          lag(follows) OVER account AS before_follows, lead(request_id) OVER account IS NULL AS is_last
        FROM kept_entry WINDOW account AS (PARTITION BY lane, member_id, asset ORDER BY sequence, posting)
      )
      SELECT 'entry.follows', lane, sequence, format('sequence %s, member %s, request %s, posting %s: it follows %s, not %s',
        sequence, member_id, request_id, posting, coalesce(follows::text, 'none'), coalesce(due::text, 'none'))
      FROM link CROSS JOIN LATERAL (
        SELECT CASE WHEN before = request_id THEN before_follows ELSE before END AS due
      ) AS followed
      WHERE follows IS DISTINCT FROM due AND NOT EXISTS (
        SELECT 1 FROM gone_month WHERE follows >= first_request_id AND follows < next_request_id)
      UNION ALL
      SELECT 'account.writer', lane, coalesce(sequence, 0), format('member %s, asset %s: it names %s, the last one is %s',
        member_id, asset, coalesce(written_by::text, 'none'), coalesce(request_id::text, 'none'))
      FROM ledger_account LEFT JOIN (SELECT * FROM link WHERE is_last) AS last_link USING (lane, member_id, asset)
      WHERE written_by IS DISTINCT FROM request_id AND NOT EXISTS (
        SELECT 1 FROM gone_month WHERE written_by >= first_request_id AND written_by < next_request_id)
      """
  )
}
