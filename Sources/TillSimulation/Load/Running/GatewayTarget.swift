import Basics
import Foundation
import Messages
import PosProto
import RPC
import ServiceKit

/// The gateway.
struct GatewayTarget: LoadTarget {
  let channel: any ClientChannel

  func post(_ sale: Sale, options: CallOptions) async throws -> LoadAnswer {
    let request = PosV1.CheckoutRequest(sale)
    let bytes = try await channel.bytes(PosV1.PosServiceMethods.checkout, request, options)
    let response = try PosV1.CheckoutResponse(serializedBytes: bytes)
    return LoadAnswer(bytes: bytes, balanceChange: response.pointsEarned - response.pointsRedeemed)
  }

  func refund(_ orderID: UUID, requestID: UUID, options: CallOptions) async throws -> LoadAnswer {
    let request = PosV1.RefundOrderRequest(requestID: requestID.text, key: .orderID(orderID.text), reason: "load")
    let bytes = try await channel.bytes(PosV1.PosServiceMethods.refundOrder, request, options)
    let response = try PosV1.RefundOrderResponse(serializedBytes: bytes)
    return LoadAnswer(bytes: bytes, balanceChange: response.pointsReturned - response.pointsTaken)
  }

  /// Always fails: the gateway has no call for it, so no mix for the gateway has it.
  func move(_ movement: StoredValueMovement, options: CallOptions) async throws -> LoadAnswer {
    throw RPCError(code: .unimplemented, message: "the gateway moves no stored value")
  }
}
