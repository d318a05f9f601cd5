import Foundation

/// An event that is written with what makes it true.
struct NewEvent: Sendable, Hashable {
  var eventId: UUID
  /// What kind of event it is.
  var type: String
  /// The member it is about.
  var key: UUID
  /// The encoded message.
  var payload: [UInt8]
}
