public import Messages

/// A domain event as the service that wrote it sends it to those who follow it.
///
/// Generated messages have all that is asked for: a domain's module only says so (`MemberEvent+Followed.swift`).
public protocol FollowedEvent: Message {
  /// What may happen: the message's `oneof kind`.
  associatedtype OneOfKind: Sendable
  /// What happened; nil when it is of a kind that this version does not know. A newer service may send kinds that an older
  /// one does not know.
  var kind: OneOfKind? { get set }
  /// Its place in the log.
  var cursor: String { get set }
  /// Its own id.
  var eventID: String { get set }
  /// What it is about, such as a member's id: events of one key are applied in order.
  var key: String { get set }
  /// When it was recorded.
  var recordedAt: GoogleProtobuf.Timestamp? { get set }
}

/// One response of a `Subscribe` method: some events, or a sign of life.
public protocol FollowedEvents: Message {
  /// What the events are.
  associatedtype Event: FollowedEvent
  /// In order; none in a sign of life.
  var events: [Event] { get set }
  /// Where to subscribe again after applying them.
  var cursor: String { get set }
  /// Whether there are more.
  var hasMore: Bool { get set }

  /// Makes a response.
  ///
  /// - Parameters:
  ///   - events: In order; none in a sign of life.
  ///   - cursor: Where to subscribe again after applying them.
  ///   - hasMore: Whether there are more.
  init(events: [Event], cursor: String, hasMore: Bool)
}

/// The request of a `Subscribe` method.
public protocol EventSubscription: Message {
  /// Where to begin; the empty cursor means from the beginning of what is kept.
  var cursor: String { get }
}
