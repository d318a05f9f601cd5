import Postgres

extension AuditCheck {
  /// The register of requests.
  static let requests = AuditCheck(
    rules: [
      AuditRule(
        "request.once",
        "every request id is there once for its member, its entries numbered from 0 without a gap"
      ),
      AuditRule("request.digest", "the first entry of a request, and no other, has the digest of what was asked"),
      AuditRule("request.together", "the entries of a request follow each other in their lane"),
    ],
    query: """
      SELECT rule, lane, first_sequence, format('sequence %s, member %s, request %s: %s',
        first_sequence, member_id, request_id, finding)
      FROM (
        SELECT lane, member_id, request_id, min(sequence) AS first_sequence, count(*) AS entry_count,
          min(posting) AS first_posting, max(posting) AS last_posting, sum(posting) AS posting_sum,
          min(sequence - posting) AS lowest, max(sequence - posting) AS highest,
          bool_and((posting = 0) = (digest IS NOT NULL) AND coalesce(octet_length(digest), 32) = 32) AS has_digest
        FROM kept_entry GROUP BY lane, member_id, request_id
      ) AS request
      CROSS JOIN LATERAL (VALUES
        ('request.once', first_posting = 0 AND last_posting = entry_count - 1
            AND posting_sum * 2 = entry_count * last_posting,
          format('%s entries, numbered %s to %s', entry_count, first_posting, last_posting)),
        ('request.digest', has_digest, 'the digest is missing, or is not on the first entry alone'),
        ('request.together', lowest = highest, 'its entries do not have consecutive sequences')
      ) AS decided (rule, holds_true, finding)
      WHERE NOT holds_true
      """
  )

  /// The entries' places in their lanes.
  static let sequences = AuditCheck(
    rules: [
      AuditRule("lane.unique", "no two entries of a lane have the same sequence"),
      AuditRule("lane.last", "no entry has a sequence above its lane's last"),
    ],
    query: """
      SELECT 'lane.unique', lane, sequence, format('sequence %s is there twice, again for member %s, request %s',
        sequence, member_id, request_id)
      FROM (
        SELECT lane, sequence, member_id, request_id,
          lag(sequence) OVER (PARTITION BY lane ORDER BY sequence, member_id, request_id, posting) AS before
        FROM kept_entry
      ) AS entry
      WHERE sequence = before
      UNION ALL
      SELECT 'lane.last', entry.lane, sequence, format('sequence %s, member %s, request %s: the lane''s last is %s',
        sequence, member_id, request_id, coalesce(last_sequence::text, 'missing'))
      FROM kept_entry AS entry LEFT JOIN lane USING (lane)
      WHERE sequence > last_sequence OR last_sequence IS NULL
      """
  )

  /// The lanes of members.
  static let lanes = AuditCheck(
    rules: [
      AuditRule("lane.member", "a member's account and orders are in the lane that follows from the member's id")
    ],
    query: """
      SELECT 'lane.member', lane, 0::bigint, format('the account of member %s belongs to lane %s', member_id,
        ledger_lane(member_id))
      FROM ledger_account WHERE lane <> ledger_lane(member_id)
      UNION ALL
      SELECT 'lane.member', orders.lane, 0::bigint, format('order %s: its member %s has no account in this lane',
        order_id, member_id)
      FROM orders LEFT JOIN ledger_account AS account USING (lane, member_id)
      WHERE account.member_id IS NULL
      """
  )
}
