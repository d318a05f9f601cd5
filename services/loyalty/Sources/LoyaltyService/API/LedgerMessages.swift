import Basics
import CommonProto
import Foundation
import LoyaltyProto
import Messages
import ServiceKit

/// The messages of what the ledger did, and their encodings: the one place that knows in which form orders, answers and
/// events are stored.
///
/// What was stored must stay readable for ever: a request that comes again is answered from it, byte for byte.
struct LedgerMessages: Sendable {
  /// Mints the ids of events.
  let ids: UUIDv7Generator

  /// Encodes what a batch did of orders, answers and events.
  func encode(_ changes: BookChanges) throws -> EncodedChanges {
    var encoded = EncodedChanges()
    for request in changes.requests {
      if let answer = request.recorded.answer { encoded.answers.append(try answer.encoded()) }
    }
    encoded.events.reserveCapacity(changes.events.count)
    encoded.orders.reserveCapacity(changes.orders.count)
    for event in changes.events {
      switch event {
      case .posted(let order):
        // Each order of a batch is announced once, in the order of the batch.
        let message = try LoyaltyV1.Order(order)
        encoded.orders.append(try message.serializedBytes())
        let kind = LoyaltyV1.OrderPosted(order: message, balancePoints: order.balancePoints)
        encoded.events.append(
          try self.event(.orderPosted(kind), of: order.draft.key.memberID, at: order.postedAt)
        )
      case .reversed(let order, let reversal):
        let kind = LoyaltyV1.OrderReversed(reversal, of: try LoyaltyV1.Order(order))
        encoded.events.append(
          try self.event(.orderReversed(kind), of: order.memberID, at: reversal.reversedAt)
        )
      case .returned(let order, let returned):
        let message = try LoyaltyV1.Order(order)
        let kind = LoyaltyV1.OrderReturned(order: message, orderReturn: LoyaltyV1.OrderReturn(returned, of: message))
        encoded.events.append(
          try self.event(.orderReturned(kind), of: order.memberID, at: returned.returnedAt)
        )
      }
    }
    return encoded
  }

  private func event(
    _ kind: LoyaltyV1.LoyaltyEvent.OneOfKind,
    of member: UUID,
    at date: Date
  ) throws -> EncodedEvent {
    let id = ids.next()
    let event = LoyaltyV1.LoyaltyEvent(
      eventID: id.text,
      recordedAt: GoogleProtobuf.Timestamp(date: date),
      kind: kind
    )
    return EncodedEvent(eventID: id, type: kind.type, memberID: member, payload: try event.serializedBytes())
  }
}

extension LoyaltyV1.LoyaltyEvent {
  /// The announcement of points that expire soon.
  ///
  /// - Parameter asset: What callers call the asset.
  init(_ notice: ExpiryNotice, asset: String, at date: Date) {
    self.init(
      recordedAt: GoogleProtobuf.Timestamp(date: date),
      kind: .pointsExpiring(
        LoyaltyV1.PointsExpiring(
          memberID: notice.key.member.text,
          asset: asset,
          amount: notice.lot.amount,
          expiresOn: notice.lot.expiresOn.text
        )
      )
    )
  }
}

// MARK: - Orders

extension LoyaltyV1.Order {
  /// An order as it stands: as it was posted, and when it was reversed if it was.
  init(_ row: OrderRow) throws {
    try self.init(row.document)
    reversedAt = row.reversal.map { GoogleProtobuf.Timestamp(date: $0.reversedAt) }
  }

  /// An order as it was posted.
  init(_ document: OrderDocument) throws {
    switch document {
    case .posted(let order): try self.init(order)
    case .stored(let bytes): try self.init(serializedBytes: bytes)
    }
  }

  /// The order that a posting makes of a receipt.
  init(_ order: PostedOrder) throws(BrokenInvariant) {
    guard let command = order.draft.original as? PostOrderCommand else { throw BrokenInvariant("a receipt of no till") }
    let (receipt, key, posting) = (command.request, order.draft.key, order.posting)
    func money(_ minorUnits: Int64) -> CommonV1.Money {
      CommonV1.Money(currencyCode: order.currencyCode, minorUnits: minorUnits)
    }
    self.init(
      orderID: key.orderID.text,
      memberID: key.memberID.text,
      storeID: receipt.storeID,
      tillID: receipt.tillID,
      receiptNumber: receipt.receiptNumber,
      occurredAt: receipt.occurredAt,
      lines: receipt.lines,
      gross: money(posting.amounts.gross),
      couponDiscounts: receipt.couponDiscounts,
      pointsDiscount: money(posting.amounts.pointsDiscount),
      payable: money(posting.amounts.payable),
      pointsRedeemed: posting.pointsRedeemed,
      pointsEarned: posting.pointsEarned,
      reservationID: key.reservationID?.text ?? "",
      postedAt: GoogleProtobuf.Timestamp(date: order.postedAt),
      pointsAvailableAt: posting.pointsAvailableAt.map { GoogleProtobuf.Timestamp(date: Date($0)) },
      pointsExpireOn: posting.pointsExpireOn.text
    )
  }

  /// An amount in the order's currency.
  func money(_ minorUnits: Int64) -> CommonV1.Money {
    CommonV1.Money(currencyCode: gross?.currencyCode ?? "", minorUnits: minorUnits)
  }
}

extension LoyaltyV1.OrderReversed {
  /// The reversal of an order as it is announced.
  fileprivate init(_ reversal: ReversalRow, of order: LoyaltyV1.Order) {
    self.init(
      order: order,
      reason: reversal.reason,
      pointsTaken: reversal.pointsTaken,
      pointsReturned: reversal.pointsReturned,
      balancePoints: reversal.balancePoints,
      refunded: order.money(reversal.refundedMinorUnits)
    )
  }
}

extension LoyaltyV1.OrderReturn {
  /// A return of goods of an order as callers see it.
  init(_ row: ReturnRow, of order: LoyaltyV1.Order) {
    let gross = order.gross?.minorUnits ?? 0
    let share = RefundShare(gross: gross, payable: order.payable?.minorUnits ?? 0)
    self.init(
      returnID: row.returnID.text,
      orderID: row.orderID.text,
      storeID: row.storeID,
      reason: row.reason,
      lines: row.lines.map { line in
        LoyaltyV1.ReturnLine(
          line: line.line,
          amount: order.money(line.minorUnits ?? 0),
          quantityThousandths: line.quantityThousandths ?? 0
        )
      },
      returned: order.money(row.minorUnits),
      pointsTaken: row.pointsTaken,
      pointsReturned: row.pointsReturned,
      pointsShort: row.pointsShort,
      balancePoints: row.balancePoints,
      returnedAt: GoogleProtobuf.Timestamp(date: row.returnedAt),
      refunded: order.money(row.refundedMinorUnits),
      left: order.money(row.leftMinorUnits),
      leftPayable: order.money(share.left(after: gross - row.leftMinorUnits)),
      freedCouponIDs: row.leftMinorUnits == 0 ? order.couponDiscounts.map(\.couponID) : []
    )
  }
}

// MARK: - Answers

extension RecordedAnswer {
  /// The answer as `ledger_entry.answer` has it.
  fileprivate func encoded() throws -> [UInt8] {
    switch self {
    case .opened(let summary): summary.encoded
    case .returned(let order, let returned):
      try LoyaltyV1.PostReturnResponse(returned, of: try LoyaltyV1.Order(order)).serializedBytes()
    case .waits: try LoyaltyV1.PostReturnResponse(state: .waiting).serializedBytes()
    case .stored(let bytes): bytes
    }
  }
}

extension LoyaltyV1.PostReturnResponse {
  /// The answer to a return that was applied.
  fileprivate init(_ returned: ReturnRow, of order: LoyaltyV1.Order) {
    self.init(state: .applied, orderReturn: LoyaltyV1.OrderReturn(returned, of: order))
  }

  /// The answer to a return.
  ///
  /// - Parameter order: The order as it was read for the return.
  init(_ answer: LedgerAnswer, of order: LoyaltyV1.Order) throws {
    switch answer {
    case .recorded(.returned(_, let returned)): self.init(returned, of: order)
    case .recorded(.waits): self.init(state: .waiting)
    case .recorded(.stored(let bytes)): try self.init(serializedBytes: bytes)
    case .recorded(.opened), .moved, .posted, .reversed, .settled, .read:
      throw BrokenInvariant("a return was answered otherwise")
    }
  }
}

extension AccountSummary {
  /// The answer to an opening.
  init(_ answer: LedgerAnswer) throws(BrokenInvariant) {
    switch answer {
    case .recorded(.opened(let summary)): self = summary
    case .recorded(.stored(let bytes)): try self.init(encoded: bytes)
    case .recorded(.returned), .recorded(.waits), .moved, .posted, .reversed, .settled, .read:
      throw BrokenInvariant("an opening was answered otherwise")
    }
  }

  /// Five numbers of eight bytes, the highest first.
  fileprivate var encoded: [UInt8] {
    [available, lifetimeEarned, lifetimeSpent, openedAt.rawValue, updatedAt.rawValue].flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
  }

  private init(encoded bytes: [UInt8]) throws(BrokenInvariant) {
    guard bytes.count == 40 else { throw BrokenInvariant("an opening has no answer") }
    func number(_ place: Int) -> Int64 { bytes[place * 8..<place * 8 + 8].reduce(0) { $0 << 8 | Int64($1) } }
    self.init(
      available: number(0),
      lifetimeEarned: number(1),
      lifetimeSpent: number(2),
      openedAt: Instant(rawValue: number(3)),
      updatedAt: Instant(rawValue: number(4))
    )
  }
}
