import Postgres

extension AuditCheck {
  /// The programme's accounts, beside the members'.
  static let programme = AuditCheck(
    rules: [
      AuditRule("asset.zero", "of every asset, the programme's accounts and the members' add up to 0"),
      AuditRule("asset.transfers", "what members sent each other has arrived: the account between them is at 0"),
    ],
    query: """
      WITH side AS (
        SELECT asset, to_account AS account, sum(amount) AS amount FROM movement GROUP BY asset, to_account
        UNION ALL
        SELECT asset, from_account, -sum(amount) FROM movement GROUP BY asset, from_account
      ), programme AS (
        SELECT asset, sum(amount) FILTER (WHERE account NOT IN (1, 4, 5)) AS amount,
          coalesce(sum(amount) FILTER (WHERE account = 10), 0) AS transferred
        FROM side GROUP BY asset
      ), members AS (
        SELECT asset, sum(available) + sum(held) + sum(pending) AS amount FROM ledger_account GROUP BY asset
      )
      SELECT 'asset.zero', NULL::smallint, 0::bigint, format('asset %s: the programme''s accounts add up to %s, the members'' to %s',
        asset, coalesce(programme.amount, 0), coalesce(members.amount, 0))
      FROM programme FULL JOIN members USING (asset)
      WHERE coalesce(programme.amount, 0) + coalesce(members.amount, 0) <> 0
      UNION ALL
      SELECT 'asset.transfers', NULL, 0, format('asset %s: %s', asset, transferred) FROM programme WHERE transferred <> 0
      """
  )
}
