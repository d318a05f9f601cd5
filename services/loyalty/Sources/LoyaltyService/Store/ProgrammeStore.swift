import Foundation
import Postgres

/// The one points programme in PostgreSQL.
struct ProgrammeStore: Sendable {
  let database: Database

  /// Creates the programme when the service starts for the first time; leaves it as it is ever after.
  func createIfMissing(_ programme: Programme) async throws {
    let (expiry, returns) = (programme.expiryRule.stored, programme.returnRule.stored)
    _ = try await database.execute(
      """
      INSERT INTO programme (programme_id, name, currency_code, earn_points, earn_per_minor_units, earn_rounding,
        redeem_points, redeem_minor_units, expiry_unit, expiry_count, pending_days, return_policy, lowest_balance,
        restore_grace_days, return_takes_gone, version, updated_at)
      VALUES (1, \(programme.name), \(programme.currencyCode), \(programme.earnRule.points),
        \(programme.earnRule.perMinorUnits), \(programme.earnRule.rounding), \(programme.redeemRule.points),
        \(programme.redeemRule.minorUnits), \(expiry.unit), \(expiry.count), \(programme.pendingDays),
        \(returns.policy), \(returns.lowestBalance), \(returns.graceDays),
        \(programme.returnRule.takesGone), \(programme.version), \(programme.updatedAt))
      ON CONFLICT DO NOTHING
      """
    )
  }

  /// The programme as it is.
  func current() async throws -> Programme {
    try Self.only(try await database.query("SELECT \(Programme.columns) FROM programme"))
  }

  /// The programme, locked until the transaction ends.
  func locked(in transaction: Transaction) async throws -> Programme {
    try Self.only(try await transaction.query("SELECT \(Programme.columns) FROM programme FOR UPDATE"))
  }

  /// Whether an order has been posted, with no order posted meanwhile until the transaction ends.
  ///
  /// Writers of orders wait for the lock and then find that the programme has another version.
  func hasOrdersHeldOff(in transaction: Transaction) async throws -> Bool {
    _ = try await transaction.execute("LOCK TABLE orders IN SHARE MODE")
    return try await transaction.query("SELECT 1 FROM orders LIMIT 1").isEmpty == false
  }

  /// Writes a locked programme with its next version.
  func write(_ programme: Programme, in transaction: Transaction) async throws {
    let (expiry, returns) = (programme.expiryRule.stored, programme.returnRule.stored)
    _ = try await transaction.execute(
      """
      UPDATE programme SET name = \(programme.name), currency_code = \(programme.currencyCode),
        earn_points = \(programme.earnRule.points), earn_per_minor_units = \(programme.earnRule.perMinorUnits),
        earn_rounding = \(programme.earnRule.rounding), redeem_points = \(programme.redeemRule.points),
        redeem_minor_units = \(programme.redeemRule.minorUnits),
        expiry_unit = \(expiry.unit), expiry_count = \(expiry.count), pending_days = \(programme.pendingDays),
        return_policy = \(returns.policy), lowest_balance = \(returns.lowestBalance),
        restore_grace_days = \(returns.graceDays), return_takes_gone = \(programme.returnRule.takesGone), version = \(programme.version), updated_at = \(programme.updatedAt)
      """
    )
  }

  private static func only(_ rows: Rows) throws -> Programme {
    guard let row = rows.first else { throw BrokenInvariant("there is no programme") }
    var reader = RowReader(row)
    return try Programme.read(&reader)
  }
}
