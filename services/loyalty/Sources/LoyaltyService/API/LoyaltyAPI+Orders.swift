import Basics
import Foundation
import Messages
import PatronAPI
import RPC
import ServiceKit

extension LoyaltyAPI {
  func postOrder(
    _ request: LoyaltyV1.PostOrderRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.PostOrderResponse {
    let posting = try posting(request)
    return try Self.posted(try await submit(posting))
  }

  /// What a receipt asks of the ledger.
  func posting(_ request: LoyaltyV1.PostOrderRequest) throws -> LedgerRequest {
    let command = try PostOrderCommand(request, times: requestTimes)
    let draft = OrderDraft(
      key: command.key,
      receipt: command.receipt,
      occurredAt: command.occurredAt,
      lines: { command.request.lines.map(SoldLine.init) },
      record: { [ids] posting, programme, postedAt in
        try Self.record(command, posting, programme, postedAt: postedAt, eventID: ids.next())
      },
      announceReturn: { [ids] order, row in try Self.announce(order, row, id: ids.next()) }
    )
    return LedgerRequest(
      id: command.key.orderID,
      digest: command.digest.bytes,
      member: command.key.memberID,
      command: .post(draft)
    )
  }

  /// The answer to a receipt.
  static func posted(_ answer: LedgerAnswer) throws -> LoyaltyV1.PostOrderResponse {
    guard case .posted(let posted) = answer else { throw BrokenInvariant("an order was answered otherwise") }
    return LoyaltyV1.PostOrderResponse(
      order: try LoyaltyV1.Order(serializedBytes: posted.encodedOrder),
      balancePoints: posted.balancePoints
    )
  }

  func getOrder(
    _ request: LoyaltyV1.GetOrderRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.GetOrderResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let key = fields.orderKey(request.key)
    try fields.throwIfAny()
    guard let row = try await orders.order(key) else { throw LoyaltyReason.orderNotFound.error() }
    var order = try LoyaltyV1.Order(row)
    order.returns = try await orders.returns(of: row.orderID).map { [order] in LoyaltyV1.OrderReturn($0, of: order) }
    return LoyaltyV1.GetOrderResponse(order: order)
  }

  /// Writes an order down as it is answered and announced.
  private static func record(
    _ command: PostOrderCommand,
    _ posting: OrderPosting,
    _ programme: Programme,
    postedAt: Date,
    eventID: UUID
  ) throws -> OrderRecord {
    let order = LoyaltyV1.Order(command, posting, currency: programme.currencyCode, postedAt: postedAt)
    let event = LoyaltyV1.LoyaltyEvent(
      eventID: eventID.text,
      recordedAt: order.postedAt,
      kind: .orderPosted(LoyaltyV1.OrderPosted(order: order, balancePoints: posting.holding.available))
    )
    return OrderRecord(
      encodedOrder: try order.serializedBytes(),
      event: NewEvent(
        eventID: eventID,
        type: EventType.orderPosted,
        key: command.key.memberID,
        payload: try event.serializedBytes()
      )
    )
  }
}
