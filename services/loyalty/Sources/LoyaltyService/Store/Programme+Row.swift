import Foundation
import Postgres

extension Programme {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    programme.name, programme.currency_code, programme.earn_points, programme.earn_per_minor_units, \
    programme.earn_rounding, programme.redeem_points, programme.redeem_minor_units, programme.version, \
    programme.updated_at
    """

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws(PostgresError) -> Programme {
    Programme(
      name: try row.next(),
      currencyCode: try row.next(),
      earnRule: EarnRule(points: try row.next(), perMinorUnits: try row.next(), rounding: try row.next()),
      redeemRule: RedeemRule(points: try row.next(), minorUnits: try row.next()),
      version: try row.next(),
      updatedAt: try row.next()
    )
  }
}
