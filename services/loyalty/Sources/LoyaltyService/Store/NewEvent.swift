import Foundation
import Messages
import Postgres
import ServiceKit

/// An event that is written by the very statement that makes it true.
struct NewEvent: Sendable, Hashable {
  var eventId: UUID
  /// What kind of event it is.
  var type: String
  /// The member it is about.
  var key: UUID
  /// The encoded message.
  var payload: [UInt8]

  /// Encodes an event.
  init(_ event: some Message, id: UUID, type: String, key: UUID) throws {
    eventId = id
    self.type = type
    self.key = key
    payload = try event.serializedBytes()
  }

  /// Adds the event to the service's event log, once for every row of a table expression.
  func insertion(from source: String) -> SQL {
    """
    INSERT INTO event (event_id, type, key, payload)
    SELECT \(eventId), \(type), \(key.text), \(payload) FROM \(identifier: source)
    """
  }
}
