import Foundation

/// One member as it is kept.
struct Member: Sendable, Hashable {
  /// UUIDv7, minted at registration.
  let id: UUID
  var profile: Profile
  /// The store that registered the member; nil if it was no store.
  let registeredStoreId: String?
  let registeredAt: Date
  private(set) var updatedAt: Date
  /// Counts the changes, from 1.
  private(set) var version: Int64

  /// A member as it is registered.
  init(registering profile: Profile, id: UUID, storeId: String?, at time: Date) {
    self.init(id: id, profile: profile, registeredStoreId: storeId, registeredAt: time, updatedAt: time, version: 1)
  }

  /// A member from where it had been stored.
  init(id: UUID, profile: Profile, registeredStoreId: String?, registeredAt: Date, updatedAt: Date, version: Int64) {
    self.id = id
    self.profile = profile
    self.registeredStoreId = registeredStoreId
    self.registeredAt = registeredAt
    self.updatedAt = updatedAt
    self.version = version
  }

  /// Names this version of the record. Opaque to callers.
  var etag: String { "v\(version)" }

  /// What an update changes, as the caller asked for it.
  struct Change: Sendable, Hashable {
    /// The fields to change; never empty.
    var fields: Set<ProfileField>
    /// Holds the new values of those fields.
    var values: Profile
    /// The version that the caller has read.
    var etag: String
  }

  /// Why a change cannot be made.
  enum ChangeRefusal: Error, Sendable, Hashable {
    /// Somebody else changed the member since the caller read it.
    case etagMismatch
    /// The member as changed would break a rule.
    case invalid(InvalidValue)
  }

  /// Which identifiers a change gives up and which it needs.
  struct Claims: Sendable, Hashable {
    var released: [Identifier]
    var claimed: [Identifier]
  }

  /// Makes a change, and says what it does to the member's identifiers.
  mutating func apply(_ change: Change, at time: Date) throws(ChangeRefusal) -> Claims {
    guard change.etag == etag else { throw .etagMismatch }
    var changed = profile
    changed.take(change.fields, from: change.values)
    do { try changed.checkIdentifiable() } catch { throw .invalid(error) }
    let before = Set(profile.identifiers)
    let after = Set(changed.identifiers)
    profile = changed
    version += 1
    updatedAt = max(updatedAt, time)
    return Claims(released: before.subtracting(after).sorted(), claimed: after.subtracting(before).sorted())
  }
}
