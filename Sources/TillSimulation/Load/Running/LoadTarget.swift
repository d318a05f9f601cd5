package import Foundation
import LocalSuite
import Logging
import LoyaltyProto
package import Messages
package import RPC

/// What a mutation was answered with.
package struct LoadAnswer: Sendable {
  /// The whole answer, as it came.
  var bytes: [UInt8]
  /// How it changed what the member has: points, or money in its smallest unit.
  var balanceChange: Int64
}

/// The service that a load is put on.
package protocol LoadTarget: Sendable {
  /// Posts a sale.
  func post(_ sale: Sale, options: CallOptions) async throws -> LoadAnswer

  /// Takes a sale back.
  func refund(_ orderID: UUID, requestID: UUID, options: CallOptions) async throws -> LoadAnswer

  /// Pays money into a stored value, or with it.
  func move(_ movement: StoredValueMovement, options: CallOptions) async throws -> LoadAnswer
}

extension LoadService {
  /// The service behind a channel.
  package func target(_ channel: any ClientChannel) -> any LoadTarget {
    switch self {
    case .loyalty: LoyaltyTarget(channel: channel)
    case .gateway: GatewayTarget(channel: channel)
    }
  }
}

/// The way of a load to its service.
package enum LoadChannel {
  /// How many more calls may wait in the channel than the load leaves unanswered, for preparing and checking.
  private static let reserve = 1_000

  /// - Parameters:
  ///   - target: Where the service is.
  ///   - outstandingMaximum: How many requests the load may leave unanswered.
  package static func open(_ target: String, outstandingMaximum: Int) throws -> Channel {
    var configuration = ChannelConfiguration.defaults
    configuration.limits.waitingCalls = outstandingMaximum + reserve
    configuration.closeGrace = .seconds(1)
    return try Channel(target: target, configuration: configuration, logger: .silent)
  }
}

extension ClientChannel {
  /// Makes a call and returns the answer as it came. A message type without fields keeps all that it is sent unread.
  package func bytes(
    _ method: MethodDescriptor,
    _ request: some Message,
    _ options: CallOptions
  ) async throws -> [UInt8] {
    let unread: LoyaltyV1.GetProgrammeRequest = try await unary(method, request, options: options)
    return try unread.serializedBytes()
  }
}
