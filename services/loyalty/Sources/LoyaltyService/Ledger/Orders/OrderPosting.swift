import Basics
import Foundation

/// What posting a receipt does to a member's points, decided without any I/O.
///
/// Points are redeemed before the receipt's own points are earned: a receipt cannot be paid with what it earns.
struct OrderPosting: Sendable, Hashable {
  /// What the receipt adds up to.
  var amounts: ReceiptAmounts
  /// Points redeemed.
  var pointsRedeemed: Int64
  /// Points earned.
  var pointsEarned: Int64
  /// When the points earned can be spent; nil if they can be at once.
  var pointsAvailableAt: Instant?
  /// The last day on which the points earned can be spent.
  var pointsExpireOn: Day
  /// What moves, in order.
  var postings: [Posting]
  /// The member's points after it.
  var holding: Holding

  /// Decides a posting on points as they are now, by the programme as it is now.
  ///
  /// - Parameter isEarningWithheld: Whether the receipt earns nothing, whatever the programme says.
  /// - Throws: ``PostingRefusal`` for what the receipt's rules refuse, ``LedgerRefusal`` for what the ledger refuses.
  init(
    receipt: ReceiptDraft,
    id: UUID,
    programme: Programme,
    isEarningWithheld: Bool = false,
    holding: Holding,
    at time: LedgerTime
  ) throws {
    try receipt.check(currency: programme.currencyCode)
    amounts = try ReceiptAmounts(
      lines: receipt.lines.map(\.minorUnits),
      couponDiscounts: receipt.couponDiscounts.map(\.minorUnits),
      pointsToRedeem: receipt.pointsToRedeem,
      redeemRule: programme.redeemRule
    )
    pointsRedeemed = receipt.pointsToRedeem
    pointsEarned = isEarningWithheld ? 0 : try programme.earnRule.points(earnedOn: amounts.payable)
    pointsExpireOn = programme.expiryRule.lastDay(earnedOn: time.today)
    pointsAvailableAt = programme.pendingDays == 0 ? nil : time.now + .days(programme.pendingDays)
    var holding = holding
    var postings: [Posting] = []
    if pointsRedeemed > 0 { postings += try holding.spend(pointsRedeemed, to: .redeemed) }
    if pointsEarned > 0, let availableAt = pointsAvailableAt {
      postings += try holding.pend(
        pointsEarned,
        id: id,
        expiresOn: pointsExpireOn,
        activates: .at(availableAt),
        from: .issued
      )
    } else if pointsEarned > 0 {
      postings += try holding.earn(pointsEarned, expiresOn: pointsExpireOn, from: .issued)
    }
    self.postings = postings
    self.holding = holding
  }
}

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
  var orderID: UUID?
}
