public import CommonProto
public import Foundation
public import Messages

/// One event as the log holds it.
public struct StoredEvent: Sendable, Hashable {
  /// Where to go on from after this event; opaque.
  public let cursor: String
  /// The event's own id.
  public let eventID: UUID
  /// What kind of event it is, such as `order_posted`.
  public let type: String
  /// What it is about, such as a member's id.
  public let key: String
  /// The event as the service encoded it.
  public let payload: [UInt8]
  /// When its transaction began.
  public let recordedAt: Date

  /// The event as a message.
  ///
  /// - Throws: ``Messages/MessageError`` when the payload is not one.
  public func message<Event: Message>(_ type: Event.Type = Event.self) throws(MessageError) -> Event {
    try Event(serializedBytes: payload)
  }
}

/// Some events in order, or none: a sign of life.
public struct EventBatch: Sendable {
  /// The events.
  public let events: [StoredEvent]
  /// Everything up to here has been sent; opaque.
  public let cursor: String
  /// Whether there are more.
  public let hasMore: Bool

  /// The events as messages, each with its place in the log and its key.
  ///
  /// - Throws: ``Messages/MessageError`` when a payload is not one.
  public func messages<Event: FollowedEvent>(_ type: Event.Type = Event.self) throws(MessageError) -> [Event] {
    try events.map { (stored) throws(MessageError) in
      var event = try stored.message(Event.self)
      event.cursor = stored.cursor
      event.key = stored.key
      return event
    }
  }
}

/// Where a subscription begins.
public enum EventStart: Sendable, Hashable {
  /// After this cursor; the empty one means from the beginning of what is kept.
  case after(String)
  /// With the next event.
  case now
}
