import Foundation

/// One member as it is kept.
struct Member: Sendable, Hashable {
  /// UUIDv7, minted at registration.
  let id: UUID
  var profile: Profile
  /// The store that registered the member; nil if it was no store.
  let registeredStoreID: String?
  let registeredAt: Date
  private(set) var updatedAt: Date
  /// Counts the changes, from 1.
  private(set) var version: Int64

  /// A member as it is registered.
  init(registering profile: Profile, id: UUID, storeID: String?, at time: Date) {
    self.init(id: id, profile: profile, registeredStoreID: storeID, registeredAt: time, updatedAt: time, version: 1)
  }

  /// A member from where it had been stored.
  init(id: UUID, profile: Profile, registeredStoreID: String?, registeredAt: Date, updatedAt: Date, version: Int64) {
    self.id = id
    self.profile = profile
    self.registeredStoreID = registeredStoreID
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

/// What a member's record is good for. The numbers are those of `patron.members.v1.MemberStatus` and of the table.
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

/// Which members a list shows. What is nil does not restrict it.
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

/// The names that begin with a prefix, as a range in the order of Unicode code points, which is how PostgreSQL compares
/// UTF-8 text under the collation "C". An index on the name answers it.
struct NameRange: Sendable, Hashable {
  /// The first name of the range: the prefix itself.
  let from: String
  /// The first name after the range; nil if there is none.
  let before: String?

  /// `prefix` must not be empty.
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

  /// The next code point that text can hold: the surrogates are skipped.
  private static func successor(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
    Unicode.Scalar(scalar.value == 0xD7FF ? 0xE000 : scalar.value + 1)
  }
}
