public import Messages
public import PatronAPI

/// A domain event as the service that wrote it sends it to those who follow it.
public protocol FollowedEvent: Message {
  /// Its place in the log.
  var cursor: String { get set }
  /// Its own id.
  var eventID: String { get set }
  /// What it is about, such as a member's id: events of one key are applied in order.
  var key: String { get set }
  /// When it was recorded.
  var recordedAt: GoogleProtobuf.Timestamp? { get set }
  /// Whether this version knows what happened. A newer service may send kinds that an older one does not know.
  var isOfKnownKind: Bool { get }
}

/// One response of a `Subscribe` method: some events, or a sign of life.
public protocol FollowedEvents: Message {
  /// What the events are.
  associatedtype Event: FollowedEvent
  /// In order; none in a sign of life.
  var events: [Event] { get }
  /// Where to subscribe again after applying them.
  var cursor: String { get }
  /// Whether there are more.
  var hasMore: Bool { get }
}

extension CampaignsV1.CampaignEvent: FollowedEvent {
  /// Whether this version knows what happened.
  public var isOfKnownKind: Bool { kind != nil }
}

extension FeedbackV1.FeedbackEvent: FollowedEvent {
  /// Whether this version knows what happened.
  public var isOfKnownKind: Bool { kind != nil }
}

extension LoyaltyV1.LoyaltyEvent: FollowedEvent {
  /// Whether this version knows what happened.
  public var isOfKnownKind: Bool { kind != nil }
}

extension MembersV1.MemberEvent: FollowedEvent {
  /// Whether this version knows what happened.
  public var isOfKnownKind: Bool { kind != nil }
}

extension CampaignsV1.SubscribeResponse: FollowedEvents {}
extension FeedbackV1.SubscribeResponse: FollowedEvents {}
extension LoyaltyV1.SubscribeResponse: FollowedEvents {}
extension MembersV1.SubscribeResponse: FollowedEvents {}
