import Basics
import Foundation
import LoyaltyProto
import Messages
import RPC
import ServiceKit

/// The points service.
struct LoyaltyTarget: LoadTarget {
  let channel: any ClientChannel

  func post(_ sale: Sale, options: CallOptions) async throws -> LoadAnswer {
    let request = LoyaltyV1.PostOrderRequest(sale)
    let bytes = try await channel.bytes(LoyaltyV1.LoyaltyServiceMethods.postOrder, request, options)
    let order = try LoyaltyV1.PostOrderResponse(serializedBytes: bytes).order ?? LoyaltyV1.Order()
    return LoadAnswer(bytes: bytes, balanceChange: order.pointsEarned - order.pointsRedeemed)
  }

  func refund(_ orderID: UUID, requestID: UUID, options: CallOptions) async throws -> LoadAnswer {
    let request = LoyaltyV1.ReverseOrderRequest(
      requestID: requestID.text,
      key: .orderID(orderID.text),
      reason: "load"
    )
    let bytes = try await channel.bytes(LoyaltyV1.LoyaltyServiceMethods.reverseOrder, request, options)
    let response = try LoyaltyV1.ReverseOrderResponse(serializedBytes: bytes)
    return LoadAnswer(bytes: bytes, balanceChange: response.pointsReturned - response.pointsTaken)
  }

  func move(_ movement: StoredValueMovement, options: CallOptions) async throws -> LoadAnswer {
    typealias Methods = LoyaltyV1.LoyaltyServiceMethods
    if movement.minorUnits > 0 {
      let bytes = try await channel.bytes(Methods.deposit, LoyaltyV1.DepositRequest(movement), options)
      let transaction = try LoyaltyV1.DepositResponse(serializedBytes: bytes).transaction
      return LoadAnswer(bytes: bytes, balanceChange: Self.amount(.deposit, in: transaction))
    }
    let bytes = try await channel.bytes(Methods.debit, LoyaltyV1.DebitRequest(movement), options)
    let transaction = try LoyaltyV1.DebitResponse(serializedBytes: bytes).transaction
    return LoadAnswer(bytes: bytes, balanceChange: -Self.amount(.redeem, in: transaction))
  }

  /// How much the postings of a type moved.
  private static func amount(_ type: LoyaltyV1.EntryType, in transaction: LoyaltyV1.Transaction?) -> Int64 {
    (transaction?.postings ?? []).reduce(0) { $0 + ($1.type == type ? $1.amount : 0) }
  }
}
