import Basics
import Foundation
import Testing

@testable import LoyaltyService

/// A reading is several statements, and another instance of the service may write between two of them.
@Suite("Books that know of a request's order, but not of its entries (M6)")
struct TornSnapshotTests {
  private let member = UUID()
  private let id = UUID()
  private let receipt = Receipt(storeID: "store", receiptNumber: "1")
  private let reservation = UUID()

  private func apply(_ command: LedgerCommand, to snapshot: BookSnapshot) throws -> LedgerAnswer {
    var books = Books(snapshot, at: LedgerTime(now: Instant(rawValue: 1_000), today: Day(rawValue: 100)))
    return try books.apply(LedgerRequest(id: id, digest: [1], member: member, command: command))
  }

  private func order(_ id: UUID, of member: UUID, reversal: ReversalRow? = nil) -> OrderRow {
    OrderRow(
      orderID: id,
      memberID: member,
      requestDigest: [9],
      payable: 0,
      pointsEarned: 0,
      pointsRedeemed: 0,
      balancePoints: 0,
      document: .stored([]),
      reversal: reversal
    )
  }

  private var posting: LedgerCommand {
    let key = PostingKey(
      orderID: id,
      memberID: member,
      storeID: receipt.storeID,
      receiptNumber: receipt.receiptNumber,
      reservationID: reservation
    )
    let draft = ReceiptDraft(lines: [], couponDiscounts: [], pointsToRedeem: 0)
    return .post(OrderDraft(key: key, receipt: draft, occurredAt: Date(), original: SampleReceipt()))
  }

  private func reversal(of order: UUID) -> LedgerCommand {
    .reverse(ReversalDraft(orderID: order, reason: ""))
  }

  @Test("do not take the request's own order, receipt or reservation for another's")
  func posted() {
    var byOrder = BookSnapshot(programme: .sample)
    byOrder.orders[id] = order(id, of: member)
    var byReceipt = BookSnapshot(programme: .sample)
    byReceipt.receipts[receipt] = id
    var byReservation = BookSnapshot(programme: .sample)
    byReservation.fates[reservation] = ReservationFate(outcome: .posted, orderID: id)
    for snapshot in [byOrder, byReceipt, byReservation] {
      #expect(throws: TornSnapshot()) { try apply(posting, to: snapshot) }
    }
  }

  @Test("do not take the request's own reversal for another's")
  func reversed() {
    let returned = UUID()
    let row = ReversalRow(
      requestID: id,
      requestDigest: [1],
      reason: "",
      refundedMinorUnits: 0,
      pointsTaken: 0,
      pointsReturned: 0,
      pointsShort: 0,
      balancePoints: 0,
      reversedAt: Date()
    )
    var byOrder = BookSnapshot(programme: .sample)
    byOrder.orders[returned] = order(returned, of: member, reversal: row)
    var byRequest = BookSnapshot(programme: .sample)
    byRequest.reversals[id] = [1]
    for snapshot in [byOrder, byRequest] {
      #expect(throws: TornSnapshot()) { try apply(reversal(of: returned), to: snapshot) }
    }
  }

  @Test("still refuse what is another's")
  func others() {
    var byOrder = BookSnapshot(programme: .sample)
    byOrder.orders[id] = order(id, of: UUID())
    #expect(throws: BooksRefusal.requestIDReused(first: [9])) { try apply(posting, to: byOrder) }
    let other = UUID()
    var byReceipt = BookSnapshot(programme: .sample)
    byReceipt.receipts[receipt] = other
    #expect(throws: BooksRefusal.receiptTaken(orderID: other)) { try apply(posting, to: byReceipt) }
    var byRequest = BookSnapshot(programme: .sample)
    byRequest.reversals[id] = [2]
    #expect(throws: BooksRefusal.requestIDReused(first: [2])) { try apply(reversal(of: other), to: byRequest) }
  }
}
