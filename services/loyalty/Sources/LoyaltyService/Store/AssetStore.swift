import Foundation
import Postgres

/// The assets in PostgreSQL. None is ever changed or removed.
struct AssetStore: Sendable {
  let database: Database

  private static let columns: SQL = "asset, code, currency_code"

  /// All assets, oldest first.
  func all() async throws -> [Asset] {
    try await database.query("SELECT \(Self.columns) FROM asset ORDER BY asset").map(Self.read)
  }

  /// How many assets there may be: what the table allows.
  static let countMaximum: Int16 = 999

  /// Adds an asset; nil if there is one with this code, or there are as many as there may be.
  func add(_ code: String, _ kind: Asset.Kind, in transaction: Transaction) async throws -> Asset? {
    let currencyCode: String? = if case .money(let currencyCode) = kind { currencyCode } else { nil }
    _ = try await transaction.execute("LOCK TABLE asset IN SHARE ROW EXCLUSIVE MODE")
    let rows = try await transaction.query(
      """
      INSERT INTO asset (asset, code, kind, currency_code)
      SELECT max(asset) + 1, \(code), \(Int16(kind.isMoney ? 2 : 1)), \(currencyCode) FROM asset
      HAVING max(asset) < \(Self.countMaximum)
      ON CONFLICT (code) DO NOTHING RETURNING \(Self.columns)
      """
    )
    return try rows.first.map(Self.read)
  }

  private static func read(_ row: Row) throws -> Asset {
    let (number, code, currencyCode) = try row.decode(Int16.self, String.self, String?.self)
    return Asset(
      id: AssetID(rawValue: number),
      code: code,
      kind: currencyCode.map { .money(currencyCode: $0) } ?? .points
    )
  }
}
