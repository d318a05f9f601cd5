import Postgres

extension AuditCheck {
  /// The entries, each by itself.
  static let entries = AuditCheck(
    rules: [
      AuditRule("entry.amount", "an entry moves more than 0, or nothing at all and says so"),
      AuditRule(
        "entry.accounts",
        "what one account gives another gets, one is a member's, and both are those of the entry's type"
      ),
      AuditRule(
        "entry.lots",
        "an entry's lots are sorted, one a day, and add up to its amount, less what a debt changed by"
      ),
      AuditRule("entry.asset", "an entry moves an asset that there is"),
      AuditRule(
        "entry.bonus",
        "bonus is of money, is not what a member paid in, and is never paid out; what a gift puts in is all bonus or, if older, none"
      ),
    ],
    // Words are made, and lots taken apart one by one, only of entries that need it: as a rule an entry has one lot.
    query: """
      SELECT rule, lane, sequence,
        format('sequence %s, member %s, request %s, posting %s: %s', sequence, member_id, request_id, posting, finding)
      FROM (
        SELECT *, (amount > 0) = (entry_type <> 0) AND amount >= 0 AS amount_fits, \(accountsFitType) AS accounts_fit,
          CASE WHEN cardinality(lots) = 2 THEN lots[2] > 0 AND (lots[2] = amount OR \(debtTakes("lots[2]")))
            ELSE (
              SELECT in_order AND (total = amount OR \(debtTakes("total"))) FROM (
                SELECT coalesce(sum(lots[place + 1]), 0) AS total, coalesce(cardinality(lots), 0) % 2 = 0 AND
                  coalesce(bool_and(lots[place + 1] > 0 AND (place = 1 OR lots[place - 2] < lots[place])), true) AS in_order
                FROM generate_series(1, cardinality(lots), 2) AS place
              ) AS lot
            ) END AS lots_fit,
          EXISTS (SELECT 1 FROM asset WHERE asset.asset = entry.asset) AS asset_fits, \(bonusFits) AS bonus_fits
        FROM kept_entry AS entry
      ) AS entry
      CROSS JOIN LATERAL (VALUES
        ('entry.amount', amount_fits, format('type %s moves %s', entry_type, amount)),
        ('entry.accounts', accounts_fit, format('type %s from %s to %s', entry_type, from_account, to_account)),
        ('entry.lots', lots_fit, format('it moves %s, its lots are %s', amount, lots)),
        ('entry.asset', asset_fits, format('asset %s', asset)),
        ('entry.bonus', bonus_fits, format('type %s from %s to %s, its lots are %s', entry_type, from_account, to_account, lots))
      ) AS decided (rule, holds_true, finding)
      WHERE NOT (amount_fits AND accounts_fit AND lots_fit AND asset_fits AND bonus_fits) AND NOT holds_true
      """
  )

  /// Whether the rest of what an entry moves is a debt's: the lots are less, and the member's available account is in it.
  private static func debtTakes(_ total: String) -> SQL {
    "\(raw: total) < amount AND 1 IN (from_account, to_account)"
  }

  /// Whether lots that are bonus, whose keys are less than any day and come first, are where they may be.
  private static let bonusFits: SQL = """
    CASE WHEN coalesce(lots[1] >= -2147483648, true) THEN true
      ELSE (SELECT kind FROM asset WHERE asset.asset = entry.asset) = 2 AND from_account <> 8 AND to_account <> 8
        AND (from_account <> 9 OR lots[cardinality(lots) - 1] < -2147483648) END
    """

  /// Which accounts the types of entries may name. 1, 4 and 5 are the member's, the others the programme's.
  static let accountsFitType: SQL = """
    coalesce(CASE entry_type
      WHEN 0 THEN from_account = 1 AND to_account = 1
      WHEN 1 THEN from_account IN (2, 6, 7, 8, 9) AND to_account = 1
      WHEN 2 THEN from_account = 1 AND to_account IN (2, 3, 7, 8, 9)
      WHEN 3 THEN from_account IN (1, 4) AND to_account IN (2, 7, 8, 9)
      WHEN 4 THEN from_account IN (2, 3, 7, 8, 9) AND to_account = 1
      WHEN 5 THEN from_account = 1 AND to_account = 6
      WHEN 6 THEN from_account IN (2, 7, 8, 9) AND to_account = 4
      WHEN 7 THEN from_account = 4 AND to_account = 1
      WHEN 8 THEN from_account = 4 AND to_account IN (2, 7, 8, 9)
      WHEN 9 THEN from_account = 1 AND to_account = 5
      WHEN 10 THEN from_account = 5 AND to_account IN (2, 3, 7, 8, 9)
      WHEN 11 THEN from_account = 5 AND to_account = 1
      WHEN 12 THEN from_account IN (2, 7) AND to_account = 1 OR from_account = 1 AND to_account IN (2, 7)
      WHEN 13 THEN from_account = 1 AND to_account = 10
      WHEN 14 THEN from_account = 10 AND to_account = 1
      WHEN 15 THEN from_account IN (8, 9) AND to_account = 1
      WHEN 16 THEN from_account = 1 AND to_account IN (8, 9)
    END, false)
    """

  /// The balance that every entry names.
  ///
  /// Of a member with entries that are gone, the first one after all of those follows from what was carried; the ones
  /// before it, which came in between, are not decided.
  static let runningBalance = AuditCheck(
    rules: [
      AuditRule(
        "entry.available",
        "what a member can spend after an entry is what it was before, and what the entry moved"
      )
    ],
    query: """
      WITH gone AS (
        SELECT lane, member_id, asset, max(last_sequence) AS last_sequence,
          sum(CASE WHEN to_account = 1 THEN amount ELSE 0 END - CASE WHEN from_account = 1 THEN amount ELSE 0 END)
            AS available
        FROM ledger_carried WHERE month IN (SELECT month FROM gone_month) GROUP BY lane, member_id, asset
      ), moving AS (
        SELECT lane, member_id, asset, sequence, request_id, posting, entry.available,
          CASE WHEN to_account = 1 THEN amount ELSE 0 END - CASE WHEN from_account = 1 THEN amount ELSE 0 END AS moved,
          coalesce(gone.last_sequence, \(Int64.min)) AS last_gone, coalesce(gone.available, 0) AS gone_available
        FROM kept_entry AS entry LEFT JOIN gone USING (lane, member_id, asset)
      )
      SELECT 'entry.available', lane, sequence, format(
        'sequence %s, member %s, request %s, posting %s: %s can be spent after it, %s before it, and it moves %s',
        sequence, member_id, request_id, posting, available, before, moved)
      FROM (
        SELECT lane, member_id, sequence, request_id, posting, available, moved, last_gone, coalesce(
            lag(available) OVER (PARTITION BY lane, member_id, asset, sequence > last_gone ORDER BY sequence, posting),
            gone_available + coalesce(
              sum(moved) FILTER (WHERE sequence <= last_gone) OVER (PARTITION BY lane, member_id, asset), 0)
          ) AS before
        FROM moving
      ) AS entry
      WHERE available::numeric <> before::numeric + moved AND sequence > last_gone
      """
  )
}
