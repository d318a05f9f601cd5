import Foundation
import LoyaltyProto
import Messages
import RPC
import ServiceKit
import TillSimulation

/// A call that changes the ledger, with its request as it is sent, again and again if need be.
struct LedgerCall: Hashable, Sendable {
  /// What it asks for.
  enum Method: UInt8, Hashable, Sendable, CaseIterable {
    case openAccount = 1
    case credit = 2
    case debit = 3
    case postOrder = 4
    case reverseOrder = 5
  }

  var method: Method
  var id: UUID
  var member: UUID
  var request: [UInt8]

  /// Sends it.
  ///
  /// - Returns: The answer as it came.
  func send(over channel: any ClientChannel, options: CallOptions) async throws -> [UInt8] {
    typealias Methods = LoyaltyV1.LoyaltyServiceMethods
    switch method {
    case .openAccount:
      return try await channel.bytes(
        Methods.openAccount,
        try LoyaltyV1.OpenAccountRequest(serializedBytes: request),
        options
      )
    case .credit:
      return try await channel.bytes(Methods.credit, try LoyaltyV1.CreditRequest(serializedBytes: request), options)
    case .debit:
      return try await channel.bytes(Methods.debit, try LoyaltyV1.DebitRequest(serializedBytes: request), options)
    case .postOrder:
      return try await channel.bytes(
        Methods.postOrder,
        try LoyaltyV1.PostOrderRequest(serializedBytes: request),
        options
      )
    case .reverseOrder:
      return try await channel.bytes(
        Methods.reverseOrder,
        try LoyaltyV1.ReverseOrderRequest(serializedBytes: request),
        options
      )
    }
  }
}

extension LedgerCall {
  /// What an answer says that a call did.
  struct Effect: Hashable, Sendable {
    /// What it added to the member's balance.
    var points: Int64
    /// How many entries it left.
    var entryCount: Int64
  }

  /// What an answer to this call says that it did.
  func effect(of answer: [UInt8]) throws -> Effect {
    switch method {
    case .openAccount:
      return Self.moving(0)
    case .credit:
      return try Self.effect(of: LoyaltyV1.CreditResponse(serializedBytes: answer).transaction, sign: 1)
    case .debit:
      return try Self.effect(of: LoyaltyV1.DebitResponse(serializedBytes: answer).transaction, sign: -1)
    case .postOrder:
      let order = try LoyaltyV1.PostOrderResponse(serializedBytes: answer).order ?? LoyaltyV1.Order()
      return Self.moving(order.pointsEarned, -order.pointsRedeemed)
    case .reverseOrder:
      let response = try LoyaltyV1.ReverseOrderResponse(serializedBytes: answer)
      return Self.moving(response.pointsReturned, -response.pointsTaken)
    }
  }

  private static func effect(of transaction: LoyaltyV1.Transaction?, sign: Int64) throws -> Effect {
    moving((transaction?.postings ?? []).map { sign * $0.amount })
  }

  private static func moving(_ amounts: Int64...) -> Effect {
    moving(amounts)
  }

  /// Every movement is an entry, and who moved nothing leaves one that says so.
  private static func moving(_ amounts: [Int64]) -> Effect {
    Effect(points: amounts.reduce(0, +), entryCount: max(1, Int64(amounts.count { $0 != 0 })))
  }
}
