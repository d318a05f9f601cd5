import Foundation
import Messages
import PatronAPI
import RPC
import ServiceKit

extension LoyaltyFace {
  func postOrder(
    _ request: LoyaltyV1.PostOrderRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.PostOrderResponse {
    let now = clock.now
    let command = try PostOrderCommand(request, latest: now + occurredAheadMaximum)
    let posted: PostedOrder
    do {
      posted = try await orders.post(command.key) { try decide(command, on: $0, now: now) }
    } catch let taken as ReceiptTaken {
      throw LoyaltyReason.receiptAlreadyPosted.error(metadata: ["order_id": taken.orderId.text])
    }
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
    guard let order = try await orders.order(key) else { throw LoyaltyReason.orderNotFound.error() }
    return LoyaltyV1.GetOrderResponse(order: try LoyaltyV1.Order(order))
  }

  /// What becomes of a request, given what the ledger holds: the first answer again, a refusal, or a new order.
  private func decide(
    _ command: PostOrderCommand,
    on snapshot: PostingSnapshot,
    now: Date
  ) throws -> Decision<PostedOrder, NewOrder> {
    if let posted = snapshot.posted {
      guard posted.requestDigest == command.digest.bytes else {
        throw PayloadDigest.reused(
          requestID: command.key.orderId,
          stored: posted.requestDigest,
          given: command.digest.bytes,
          domain: LoyaltyReason.domain
        )
      }
      return .answer(posted)
    }
    try refuse(snapshot.fate)
    guard let account = snapshot.account else {
      throw LoyaltyReason.accountNotFound.error(metadata: ["member_id": command.key.memberId.text])
    }
    return .write(try newOrder(command, account, snapshot.programme, now: now))
  }

  /// Refuses a reservation whose fate is settled: this order was not posted with it.
  private func refuse(_ fate: ReservationFate?) throws {
    switch fate?.outcome {
    case nil: break
    case .voided: throw LoyaltyReason.reservationVoided.error()
    case .posted:
      throw LoyaltyReason.reservationAlreadyPosted.error(metadata: ["order_id": fate?.orderId?.text ?? ""])
    }
  }

  private func newOrder(
    _ command: PostOrderCommand,
    _ account: AccountRow,
    _ programme: Programme,
    now: Date
  ) throws -> NewOrder {
    let posting: OrderPosting
    do {
      posting = try OrderPosting(receipt: command.receipt, programme: programme, account: account.account)
    } catch {
      throw error.error
    }
    let order = LoyaltyV1.Order(command, posting, currency: programme.currencyCode, postedAt: now)
    let balance = posting.account.balancePoints
    let eventId = ids.next()
    let event = LoyaltyV1.LoyaltyEvent(
      eventId: eventId.text,
      recordedAt: order.postedAt,
      kind: .orderPosted(LoyaltyV1.OrderPosted(order: order, balancePoints: balance))
    )
    return NewOrder(
      key: command.key,
      versions: LedgerVersions(account: account.version, programme: programme.version),
      occurredAt: command.occurredAt,
      postedAt: now,
      posting: posting,
      answer: PostedOrder(
        requestDigest: command.digest.bytes,
        encodedOrder: try order.serializedBytes(),
        balancePoints: balance
      ),
      event: try NewEvent(event, id: eventId, type: EventType.orderPosted, key: command.key.memberId)
    )
  }
}
