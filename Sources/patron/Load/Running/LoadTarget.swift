internal import Foundation
internal import Messages
internal import PatronAPI
internal import RPC
internal import ServiceKit

/// What a mutation was answered with.
struct LoadAnswer: Sendable {
  /// The whole answer.
  var content: any Message
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
  let client: LoyaltyV1.LoyaltyServiceClient

  func post(_ sale: Sale, options: CallOptions) async throws -> LoadAnswer {
    let response = try await client.postOrder(LoyaltyV1.PostOrderRequest(sale), options: options)
    let order = response.order ?? LoyaltyV1.Order()
    return LoadAnswer(content: response, pointsChange: order.pointsEarned - order.pointsRedeemed)
  }

  func refund(_ orderID: UUID, requestID: UUID, options: CallOptions) async throws -> LoadAnswer {
    let request = LoyaltyV1.ReverseOrderRequest(
      requestId: requestID.text,
      key: .orderId(orderID.text),
      reason: "load"
    )
    let response = try await client.reverseOrder(request, options: options)
    return LoadAnswer(content: response, pointsChange: response.pointsReturned - response.pointsTaken)
  }
}

/// The gateway.
struct GatewayTarget: LoadTarget {
  let client: PosV1.PosServiceClient

  func post(_ sale: Sale, options: CallOptions) async throws -> LoadAnswer {
    let response = try await client.checkout(PosV1.CheckoutRequest(sale), options: options)
    return LoadAnswer(content: response, pointsChange: response.pointsEarned - response.pointsRedeemed)
  }

  func refund(_ orderID: UUID, requestID: UUID, options: CallOptions) async throws -> LoadAnswer {
    let request = PosV1.RefundOrderRequest(requestId: requestID.text, key: .orderId(orderID.text), reason: "load")
    let response = try await client.refundOrder(request, options: options)
    return LoadAnswer(content: response, pointsChange: response.pointsReturned - response.pointsTaken)
  }
}

extension LoadFace {
  /// The service behind a channel.
  func target(_ channel: any ClientChannel) -> any LoadTarget {
    switch self {
    case .loyalty: LoyaltyTarget(client: LoyaltyV1.LoyaltyServiceClient(channel))
    case .gateway: GatewayTarget(client: PosV1.PosServiceClient(channel))
    }
  }
}
