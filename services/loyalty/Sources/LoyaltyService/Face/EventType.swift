/// The types of loyalty's events, as the event log keeps them beside the events.
enum EventType {
  static let orderPosted = "order_posted"
  static let orderReversed = "order_reversed"
  static let orderReturned = "order_returned"
  static let pointsExpiring = "points_expiring"
  static let programmeUpdated = "programme_updated"
}
