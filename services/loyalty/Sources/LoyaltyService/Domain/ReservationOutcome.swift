import Foundation

/// The fate of a coupon reservation, settled once and for all. The raw value is what the store keeps.
enum ReservationOutcome: Int16, Sendable, Hashable {
  /// An order was posted with it.
  case posted = 1
  /// No order was posted with it, and none ever can be.
  case voided = 2
}

/// What became of a reservation, and by which order.
struct ReservationFate: Sendable, Hashable {
  var outcome: ReservationOutcome
  /// The order that was posted with it; nil if it was voided.
  var orderId: UUID?
}
