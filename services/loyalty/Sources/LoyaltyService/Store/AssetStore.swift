import Foundation
import Postgres
import Synchronization

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

/// The assets by code and by number, read again when one is asked for that is not known here: another instance of the service
/// may have added it.
final class AssetRegister: Sendable {
  private let store: AssetStore
  private let known = Mutex<[Asset]>([])

  init(store: AssetStore) {
    self.store = store
  }

  /// All assets, oldest first.
  func all() async throws -> [Asset] {
    let assets = try await store.all()
    known.withLock { $0 = assets }
    return assets
  }

  /// The asset that callers call so; nil if there is none.
  func asset(_ code: String) async throws -> Asset? {
    if let asset = known.withLock({ $0.first { $0.code == code } }) { return asset }
    return try await all().first { $0.code == code }
  }

  /// What callers call an asset.
  func code(_ id: AssetID) async throws -> String {
    if let asset = known.withLock({ $0.first { $0.id == id } }) { return asset.code }
    guard let asset = try await all().first(where: { $0.id == id }) else {
      throw BrokenInvariant("there is no asset \(id.rawValue)")
    }
    return asset.code
  }

  /// Adds an asset; nil if there is one with this code, or there are as many as there may be.
  func add(_ code: String, _ kind: Asset.Kind, in transaction: Transaction) async throws -> Asset? {
    try await store.add(code, kind, in: transaction)
  }
}
