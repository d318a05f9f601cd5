import Foundation

/// One member as stored.
struct Member: Sendable, Hashable {
  /// UUIDv7, minted at registration.
  let id: UUID
  var profile: Profile
  /// The store that registered the member, nil for other registrations.
  let registeredStoreID: String?
  let registeredAt: Date
  private(set) var updatedAt: Date
  /// The number of changes, from 1.
  private(set) var version: Int64

  /// Makes a newly registered member.
  init(registering profile: Profile, id: UUID, storeID: String?, at time: Date) {
    self.init(id: id, profile: profile, registeredStoreID: storeID, registeredAt: time, updatedAt: time, version: 1)
  }

  /// Makes a member from its stored fields.
  init(id: UUID, profile: Profile, registeredStoreID: String?, registeredAt: Date, updatedAt: Date, version: Int64) {
    self.id = id
    self.profile = profile
    self.registeredStoreID = registeredStoreID
    self.registeredAt = registeredAt
    self.updatedAt = updatedAt
    self.version = version
  }

  /// The version of the record as an opaque tag.
  var etag: String { "v\(version)" }

  /// The changes of an update.
  struct Change: Sendable, Hashable {
    /// The fields to change, never empty.
    var fields: Set<ProfileField>
    /// The new values of those fields.
    var values: Profile
    /// The version that the caller has read.
    var etag: String
  }

  /// Why a change is refused.
  enum ChangeRefusal: Error, Sendable, Hashable {
    /// Another call changed the member since the caller read it.
    case etagMismatch
    /// The changed member would violate a rule.
    case invalid(InvalidValue)
  }

  /// The identifiers that a change releases and claims.
  struct Claims: Sendable, Hashable {
    var released: [Identifier]
    var claimed: [Identifier]
  }

  /// Applies a change and returns its effects on the member's identifiers.
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

/// A member's standing. The numbers are those of `patron.members.v1.MemberStatus` and of the table.
enum MemberStatus: Int16, Sendable, Hashable, CaseIterable {
  /// In good standing.
  case active = 1
  /// Recognised, but may not earn or spend.
  case suspended = 2
}

/// How a member wishes to be addressed. The numbers are those of `patron.members.v1.Gender` and of the table.
enum Gender: Int16, Sendable, Hashable, CaseIterable {
  case unspecified = 0
  case female = 1
  case male = 2
  case other = 3
}

/// Selects the members of a list. Nil does not restrict it.
struct MemberFilter: Sendable, Hashable {
  var status: MemberStatus?
  /// The store that registered them.
  var registeredStoreID: String?
  var names: NameRange?
  /// Registered at this time or later.
  var registeredFrom: Date?
  /// Registered before this time.
  var registeredBefore: Date?
}

/// The names with a prefix, as a range in the order of Unicode code points, which is PostgreSQL's order of UTF-8 text
/// in the collation "C". An index on the name answers it.
struct NameRange: Sendable, Hashable {
  /// The first name of the range, which is the prefix.
  let from: String
  /// The first name after the range, nil if there is none.
  let before: String?

  /// Makes the range. Precondition: `prefix` is not empty.
  init(prefix: String) {
    from = prefix
    var scalars = Array(prefix.unicodeScalars)
    while let last = scalars.popLast() {
      guard let next = Self.successor(of: last) else { continue }
      var text = String.UnicodeScalarView(scalars)
      text.append(next)
      before = String(text)
      return
    }
    before = nil
  }

  /// Returns the next valid code point, which skips the surrogates.
  private static func successor(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
    Unicode.Scalar(scalar.value == 0xD7FF ? 0xE000 : scalar.value + 1)
  }
}
