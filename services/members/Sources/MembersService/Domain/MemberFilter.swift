import Foundation

/// Which members a list shows. What is nil does not restrict it.
struct MemberFilter: Sendable, Hashable {
  var status: MemberStatus?
  /// The store that registered them.
  var registeredStoreId: String?
  var names: NameRange?
  /// Registered at this time or later.
  var registeredFrom: Date?
  /// Registered before this time.
  var registeredBefore: Date?
}
