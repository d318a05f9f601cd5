import Postgres
import Synchronization

/// The assets by code and by number, read again when one is asked for that is not known here: another copy of the service
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
