import Basics
import Foundation

/// An order of the books: what counts of it for later requests, with its reversal if it was reversed.
struct OrderRow: Sendable, Hashable {
  var orderID: UUID
  var memberID: UUID
  /// The digest of the request that posted it.
  var requestDigest: [UInt8]
  /// What was paid for it by other means than points.
  var payable: Int64
  var pointsEarned: Int64
  var pointsRedeemed: Int64
  /// The member's balance after it was posted.
  var balancePoints: Int64
  /// All of it, as it was when it was posted.
  var document: OrderDocument
  var reversal: ReversalRow?
}

/// All of an order, as it was when it was posted.
enum OrderDocument: Sendable, Hashable {
  /// The batch has posted it.
  case posted(PostedOrder)
  /// It was read. How it is encoded is known to who encoded it (`orders.posted_order`).
  case stored([UInt8])
}

/// A receipt that the batch has posted, and what it came to. An object, because it goes to the tables, the event and the
/// answer.
final class PostedOrder: Sendable, Hashable {
  let draft: OrderDraft
  let requestDigest: [UInt8]
  /// The programme's currency, in which the order's amounts are.
  let currencyCode: String
  let posting: OrderPosting
  let postedAt: Date

  init(draft: OrderDraft, requestDigest: [UInt8], currencyCode: String, posting: OrderPosting, postedAt: Date) {
    self.draft = draft
    self.requestDigest = requestDigest
    self.currencyCode = currencyCode
    self.posting = posting
    self.postedAt = postedAt
  }

  /// The member's balance after it.
  var balancePoints: Int64 { posting.holding.available }

  /// The order as later requests see it.
  var row: OrderRow {
    OrderRow(
      orderID: draft.key.orderID,
      memberID: draft.key.memberID,
      requestDigest: requestDigest,
      payable: posting.amounts.payable,
      pointsEarned: posting.pointsEarned,
      pointsRedeemed: posting.pointsRedeemed,
      balancePoints: balancePoints,
      document: .posted(self)
    )
  }

  static func == (left: PostedOrder, right: PostedOrder) -> Bool {
    left === right
      || left.draft.key == right.draft.key && left.requestDigest == right.requestDigest
        && left.posting == right.posting && left.postedAt == right.postedAt
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(draft.key.orderID)
  }
}

/// An order to be reversed.
struct ReversalDraft: Sendable, Hashable {
  var orderID: UUID
  /// Why.
  var reason: String
}

/// What the reversal of an order did, as it is stored.
struct ReversalRow: Sendable, Hashable {
  /// The request that reversed the order.
  var requestID: UUID
  var requestDigest: [UInt8]
  var reason: String
  /// What is paid back by other means than points.
  var refundedMinorUnits: Int64
  var pointsTaken: Int64
  var pointsReturned: Int64
  var pointsShort: Int64
  /// The member's balance after it.
  var balancePoints: Int64
  var reversedAt: Date
}

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

/// The fate of a coupon reservation, settled once and for all. The raw value is what is stored.
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
