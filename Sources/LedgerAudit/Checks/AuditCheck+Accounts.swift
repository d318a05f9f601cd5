import Postgres

extension AuditCheck {
  /// What the accounts say, beside what their entries add up to.
  static let accounts = AuditCheck(
    rules: [
      AuditRule("account.exists", "every entry belongs to an account that is there, in its lane"),
      AuditRule("account.available", "what a member can spend is the sum of the member's entries"),
      AuditRule("account.held", "what is held is the sum of the entries that hold and release it"),
      AuditRule("account.pending", "what is pending is the sum of the entries that pend and activate it"),
      AuditRule("account.earned", "what was ever earned is what the entries say, less what returns took back"),
      AuditRule("account.spent", "what was ever spent is what the entries say, less what returns gave back"),
    ],
    query: """
      WITH entries AS (
        SELECT lane, member_id, asset,
          sum(CASE WHEN to_account = 1 THEN amount ELSE 0 END - CASE WHEN from_account = 1 THEN amount ELSE 0 END)
            AS available,
          sum(CASE WHEN to_account = 5 THEN amount ELSE 0 END - CASE WHEN from_account = 5 THEN amount ELSE 0 END)
            AS held,
          sum(CASE WHEN to_account = 4 THEN amount ELSE 0 END - CASE WHEN from_account = 4 THEN amount ELSE 0 END)
            AS pending,
          sum(CASE WHEN entry_type IN (1, 7) THEN amount WHEN entry_type = 3 AND from_account = 1 THEN -amount ELSE 0 END)
            AS earned,
          sum(CASE WHEN entry_type IN (2, 10) THEN amount WHEN entry_type = 4 THEN -amount ELSE 0 END) AS spent
        FROM movement GROUP BY lane, member_id, asset
      )
      SELECT rule, lane, 0::bigint, format('member %s, asset %s: ', member_id, asset) || CASE
        WHEN rule = 'account.exists' THEN 'there are entries and no account'
        ELSE format('the account says %s, its entries add up to %s', account_sum, entry_sum) END
      FROM ledger_account AS account FULL JOIN entries USING (lane, member_id, asset)
      CROSS JOIN LATERAL (VALUES
        ('account.exists', CASE WHEN account.version IS NULL THEN 1 ELSE 0 END, 0),
        ('account.available', account.available, coalesce(entries.available, 0)),
        ('account.held', account.held, coalesce(entries.held, 0)),
        ('account.pending', account.pending, coalesce(entries.pending, 0)),
        ('account.earned', account.lifetime_earned, coalesce(entries.earned, 0)),
        ('account.spent', account.lifetime_spent, coalesce(entries.spent, 0))
      ) AS compared (rule, account_sum, entry_sum)
      WHERE account_sum <> entry_sum
      """
  )
}
