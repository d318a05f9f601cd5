internal import Foundation
internal import RPC

/// What a mutation was answered with.
struct LoadAnswer: Sendable {
  /// The whole answer, as it came.
  var bytes: [UInt8]
  /// How it changed what the member has: points, or money in its smallest unit.
  var balanceChange: Int64
}

/// The service that a load is put on.
protocol LoadTarget: Sendable {
  /// Posts a sale.
  func post(_ sale: Sale, options: CallOptions) async throws -> LoadAnswer

  /// Takes a sale back.
  func refund(_ orderID: UUID, requestID: UUID, options: CallOptions) async throws -> LoadAnswer

  /// Pays money into a stored value, or with it.
  func move(_ movement: StoredValueMovement, options: CallOptions) async throws -> LoadAnswer
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
