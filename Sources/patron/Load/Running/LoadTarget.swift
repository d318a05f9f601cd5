internal import Foundation
internal import Messages
internal import PatronAPI
internal import RPC
internal import ServiceKit

/// What a mutation was answered with.
struct LoadAnswer: Sendable {
  /// The whole answer, as it came.
  var bytes: [UInt8]
  /// How it changed the member's points.
  var pointsChange: Int64
}

/// The service that a load is put on.
protocol LoadTarget: Sendable {
  /// Posts a sale.
  func post(_ sale: Sale, options: CallOptions) async throws -> LoadAnswer

  /// Takes a sale back.
  func refund(_ orderID: UUID, requestID: UUID, options: CallOptions) async throws -> LoadAnswer
}

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

/// The gateway.
struct GatewayTarget: LoadTarget {
  let channel: any ClientChannel

  func post(_ sale: Sale, options: CallOptions) async throws -> LoadAnswer {
    let request = PosV1.CheckoutRequest(sale)
    let bytes = try await channel.bytes(PosV1.PosServiceMethods.checkout, request, options)
    let response = try PosV1.CheckoutResponse(serializedBytes: bytes)
    return LoadAnswer(bytes: bytes, pointsChange: response.pointsEarned - response.pointsRedeemed)
  }

  func refund(_ orderID: UUID, requestID: UUID, options: CallOptions) async throws -> LoadAnswer {
    let request = PosV1.RefundOrderRequest(requestId: requestID.text, key: .orderId(orderID.text), reason: "load")
    let bytes = try await channel.bytes(PosV1.PosServiceMethods.refundOrder, request, options)
    let response = try PosV1.RefundOrderResponse(serializedBytes: bytes)
    return LoadAnswer(bytes: bytes, pointsChange: response.pointsReturned - response.pointsTaken)
  }
}

extension ClientChannel {
  /// Makes a call and returns the answer as it came. A message type without fields keeps all that it is sent unread.
  fileprivate func bytes(
    _ method: MethodDescriptor,
    _ request: some Message,
    _ options: CallOptions
  ) async throws -> [UInt8] {
    let unread: LoyaltyV1.GetProgrammeRequest = try await unary(method, request, options: options)
    return try unread.serializedBytes()
  }
}

extension LoadFace {
  /// The service behind a channel.
  func target(_ channel: any ClientChannel) -> any LoadTarget {
    switch self {
    case .loyalty: LoyaltyTarget(channel: channel)
    case .gateway: GatewayTarget(channel: channel)
    }
  }
}
