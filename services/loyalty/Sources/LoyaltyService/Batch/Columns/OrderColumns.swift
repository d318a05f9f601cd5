import Foundation
import Postgres

/// The columns of `orders`.
enum OrderColumn: Int, TableColumn {
  // Written only: they are for the audit, and for who reads the table.
  case lane, storeID, receiptNumber, occurredAt, postedAt
  case grossMinorUnits, couponDiscountMinorUnits, pointsDiscountMinorUnits
  case orderID, memberID, requestDigest, payableMinorUnits, pointsEarned, pointsRedeemed, balancePoints, postedOrder

  /// What is read of an order.
  static let read = orderID...postedOrder
}

/// The columns of `reversal`.
enum ReversalColumn: Int, TableColumn {
  // Written only: a reversal is read with its order.
  case orderID
  case requestID, requestDigest, reason, refundedMinorUnits, pointsTaken, pointsReturned, pointsShort, balancePoints
  case reversedAt

  /// What is read of a reversal.
  static let read = requestID...reversedAt
}

/// The columns of `reservation_outcome`.
enum ReservationColumn: Int, TableColumn {
  case reservationID, outcome, orderID
  // Written only: it is for who reads the table.
  case settledAt

  /// What is read of a reservation.
  static let read = reservationID...orderID
}

// MARK: - Reading

extension OrderRow {
  /// The columns that are read of an order: ``OrderColumn/read`` and ``ReversalColumn/read``, of `orders` outer joined with
  /// `reversal`.
  static let columns: SQL =
    "\(OrderColumn.list(OrderColumn.read, of: "orders")), \(ReversalColumn.list(ReversalColumn.read, of: "reversal"))"

  /// Reads an order, of which the row has ``columns``.
  init(_ row: Row) throws(PostgresError) {
    let column = ColumnReader(row, OrderColumn.read)
    self.init(
      orderID: try column(.orderID),
      memberID: try column(.memberID),
      requestDigest: try column(.requestDigest),
      payable: try column(.payableMinorUnits),
      pointsEarned: try column(.pointsEarned),
      pointsRedeemed: try column(.pointsRedeemed),
      balancePoints: try column(.balancePoints),
      document: .stored(try column(.postedOrder)),
      reversal: try ReversalRow(row, at: OrderColumn.read.columnCount)
    )
  }
}

extension ReversalRow {
  /// Reads a reversal; nil if an outer join found none.
  fileprivate init?(_ row: Row, at first: Int) throws(PostgresError) {
    let column = ColumnReader(row, ReversalColumn.read, at: first)
    guard let requestID = try column(.requestID, as: UUID?.self) else { return nil }
    self.init(
      requestID: requestID,
      requestDigest: try column(.requestDigest),
      reason: try column(.reason),
      refundedMinorUnits: try column(.refundedMinorUnits),
      pointsTaken: try column(.pointsTaken),
      pointsReturned: try column(.pointsReturned),
      pointsShort: try column(.pointsShort),
      balancePoints: try column(.balancePoints),
      reversedAt: try column(.reversedAt)
    )
  }
}

extension ReservationFate {
  /// Reads the fate of a reservation, of which the row has ``ReservationColumn/read``.
  static func read(_ row: Row) throws(PostgresError) -> (reservation: UUID, fate: ReservationFate) {
    let column = ColumnReader(row, ReservationColumn.read)
    return (
      try column(.reservationID), ReservationFate(outcome: try column(.outcome), orderID: try column(.orderID))
    )
  }
}

// MARK: - Writing

extension OrderColumn {
  /// A statement that inserts orders.
  ///
  /// - Parameter documents: Their encodings, in their order.
  static func insertion(_ orders: [PostedOrder], documents: [[UInt8]]) -> SQL {
    insertion(into: "orders") { column in
      let items: SQL =
        switch column {
        case .lane: "\(orders.map { Lane(member: $0.draft.key.memberID).number })"
        case .storeID: "\(orders.map(\.draft.key.storeID))"
        case .receiptNumber: "\(orders.map(\.draft.key.receiptNumber))"
        case .occurredAt: "\(orders.map(\.draft.occurredAt))"
        case .postedAt: "\(orders.map(\.postedAt))"
        case .grossMinorUnits: "\(orders.map(\.posting.amounts.gross))"
        case .couponDiscountMinorUnits: "\(orders.map(\.posting.amounts.couponDiscount))"
        case .pointsDiscountMinorUnits: "\(orders.map(\.posting.amounts.pointsDiscount))"
        case .orderID: "\(orders.map(\.draft.key.orderID))"
        case .memberID: "\(orders.map(\.draft.key.memberID))"
        case .requestDigest: "\(orders.map(\.requestDigest))"
        case .payableMinorUnits: "\(orders.map(\.posting.amounts.payable))"
        case .pointsEarned: "\(orders.map(\.posting.pointsEarned))"
        case .pointsRedeemed: "\(orders.map(\.posting.pointsRedeemed))"
        case .balancePoints: "\(orders.map(\.balancePoints))"
        case .postedOrder: "\(documents)"
        }
      return .items(items)
    }
  }
}

extension ReservationColumn {
  /// A statement that settles the reservations of posted orders; nil if none has one.
  static func insertion(_ orders: [PostedOrder]) -> SQL? {
    let reserved = orders.filter { $0.draft.key.reservationID != nil }
    guard !reserved.isEmpty else { return nil }
    return insertion(into: "reservation_outcome") { column in
      let items: SQL =
        switch column {
        case .reservationID: "\(reserved.compactMap(\.draft.key.reservationID))"
        case .outcome: "\(reserved.map { _ in ReservationOutcome.posted })"
        case .orderID: "\(reserved.map(\.draft.key.orderID))"
        case .settledAt: "\(reserved.map(\.postedAt))"
        }
      return .items(items)
    }
  }
}

extension ReversalColumn {
  /// A statement that inserts reversals.
  static func insertion(_ reversals: [NewReversal]) -> SQL {
    insertion(into: "reversal") { column in
      let items: SQL =
        switch column {
        case .orderID: "\(reversals.map(\.orderID))"
        case .requestID: "\(reversals.map(\.row.requestID))"
        case .requestDigest: "\(reversals.map(\.row.requestDigest))"
        case .reason: "\(reversals.map(\.row.reason))"
        case .refundedMinorUnits: "\(reversals.map(\.row.refundedMinorUnits))"
        case .pointsTaken: "\(reversals.map(\.row.pointsTaken))"
        case .pointsReturned: "\(reversals.map(\.row.pointsReturned))"
        case .pointsShort: "\(reversals.map(\.row.pointsShort))"
        case .balancePoints: "\(reversals.map(\.row.balancePoints))"
        case .reversedAt: "\(reversals.map(\.row.reversedAt))"
        }
      return .items(items)
    }
  }
}

extension ReservationOutcome: PostgresCodable, PostgresArrayElement {}
