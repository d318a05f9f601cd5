import CommonProto
import Messages

/// The events of a batch, by what becomes of them.
struct SortedEvents<Event: FollowedEvent>: Sendable {
  /// Those to apply, in order.
  private(set) var free: [Event] = []
  /// Those to set aside, in order: of a kind that is not known, or behind others of their key.
  private(set) var aside: [SetAsideEvent] = []

  /// - Parameters:
  ///   - events: In order.
  ///   - blocked: The keys that have events set aside.
  ///   - failure: Why the events that nothing holds back cannot be applied; nil if that is not known of them.
  init(_ events: some Sequence<Event>, blocked: Set<String>, failure: UnusableEvent? = nil) throws(MessageError) {
    var blocked = blocked
    for event in events {
      if blocked.contains(event.key) {
        aside.append(try SetAsideEvent(event, reason: nil))
      } else if let reason = event.kind == nil ? UnusableEvent.unknownKind.reason : failure?.reason {
        aside.append(try SetAsideEvent(event, reason: reason))
        blocked.insert(event.key)
      } else {
        free.append(event)
      }
    }
  }
}

extension SetAsideEvent {
  fileprivate init(_ event: some FollowedEvent, reason: String?) throws(MessageError) {
    key = event.key
    eventID = event.eventID
    cursor = event.cursor
    payload = try event.serializedBytes()
    self.reason = reason
  }
}
