import Basics
import Foundation
import LoyaltyProto
import MembersProto
import Messages
import RPC
import ServiceKit

/// The calls that open the account of a member whom the ledger does not know yet.
struct AccountCalls: Sendable {
  let member: UpstreamCall
  let open: UpstreamCall

  var all: [UpstreamCall] { [member, open] }

  /// - Parameter origin: The type of the gateway's request, which has the field `member_id`.
  init(for origin: (some Message).Type) {
    member = UpstreamCall("members", MembersV1.GetMemberRequest.self, for: origin, FieldNames(["member_id"]))
    open = UpstreamCall(
      "loyalty",
      LoyaltyV1.OpenAccountRequest.self,
      for: origin,
      FieldNames(["request_id", "member_id"])
    )
  }
}

extension Upstreams {
  /// Opens the points account of a member for the request `requestID`. Does nothing if it is open.
  func openAccount(of member: UUID, for requestID: UUID, _ call: UpstreamCall) async throws {
    _ = try await call {
      try await loyalty.openAccount(
        LoyaltyV1.OpenAccountRequest(requestID: requestID.openingAccount(of: member).text, memberID: member.text)
      )
    }
  }

  /// Opens the account of an existing member whom the ledger does not know yet. The ledger decides what a suspended one
  /// may do.
  func openAccount(of member: UUID, for requestID: UUID, _ calls: AccountCalls) async throws {
    _ = try await self.member(member, calls.member)
    try await openAccount(of: member, for: requestID, calls.open)
  }

  /// Returns the member with an ID. Throws MEMBER_NOT_FOUND, in members' words, if there is none.
  func member(_ id: UUID, _ call: UpstreamCall) async throws -> MembersV1.Member {
    let response = try await call {
      try await members.getMember(MembersV1.GetMemberRequest(memberID: id.text))
    }
    guard let member = response.member else { throw call.incomplete }
    return member
  }

  /// Returns a member's balance of an asset, nil without an account.
  func balance(of memberID: String, asset: String = "", _ call: UpstreamCall) async throws -> LoyaltyV1.Balance? {
    do {
      return try await call {
        try await loyalty.getBalance(LoyaltyV1.GetBalanceRequest(memberID: memberID, asset: asset))
      }.balance
    } catch let error as RPCError where error.isAccountNotFound {
      return nil
    }
  }
}

extension RPCError {
  /// Whether loyalty reported that the member has no account.
  var isAccountNotFound: Bool { code == .notFound && info?.reason == "ACCOUNT_NOT_FOUND" }

  /// Whether loyalty reported that there is no such order.
  var isOrderNotFound: Bool { code == .notFound && info?.reason == "ORDER_NOT_FOUND" }

  /// Whether the request id was used for another call.
  var isRequestIDReused: Bool { info?.reason == CommonReason.requestIDReused.rawValue }
}
