internal import Foundation
internal import Messages
internal import PatronAPI
internal import RPC
internal import ServiceKit

/// The points service.
struct LoyaltyTarget: LoadTarget {
  let channel: any ClientChannel

  func post(_ sale: Sale, options: CallOptions) async throws -> LoadAnswer {
    let request = LoyaltyV1.PostOrderRequest(sale)
    let bytes = try await channel.bytes(LoyaltyV1.LoyaltyServiceMethods.postOrder, request, options)
    let order = try LoyaltyV1.PostOrderResponse(serializedBytes: bytes).order ?? LoyaltyV1.Order()
    return LoadAnswer(bytes: bytes, pointsChange: order.pointsEarned - order.pointsRedeemed)
  }

  func refund(_ orderID: UUID, requestID: UUID, options: CallOptions) async throws -> LoadAnswer {
    let request = LoyaltyV1.ReverseOrderRequest(
      requestId: requestID.text,
      key: .orderId(orderID.text),
      reason: "load"
    )
    let bytes = try await channel.bytes(LoyaltyV1.LoyaltyServiceMethods.reverseOrder, request, options)
    let response = try LoyaltyV1.ReverseOrderResponse(serializedBytes: bytes)
    return LoadAnswer(bytes: bytes, pointsChange: response.pointsReturned - response.pointsTaken)
  }
}
