import Foundation
import Messages
import PatronAPI
import RPC
import ServiceKit

/// The calls that open the account of a member whom the ledger does not know yet.
struct AccountCalls: Sendable {
  let member: UpstreamCall
  let open: UpstreamCall

  var all: [UpstreamCall] { [member, open] }

  /// - Parameter origin: What the gateway was asked; it names the member as `member_id`.
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
  /// Opens the points account of a member, on behalf of the request `requestID`. Changes nothing if it is open.
  func openAccount(of member: UUID, for requestID: UUID, _ call: UpstreamCall) async throws {
    _ = try await call {
      try await loyalty.openAccount(
        LoyaltyV1.OpenAccountRequest(requestID: requestID.openingAccount(of: member).text, memberID: member.text)
      )
    }
  }

  /// Opens the account of a member whom the ledger does not know yet, if there is such a member. What a suspended one may do
  /// the ledger decides.
  func openAccount(of member: UUID, for requestID: UUID, _ calls: AccountCalls) async throws {
    _ = try await self.member(member, calls.member)
    try await openAccount(of: member, for: requestID, calls.open)
  }

  /// The member with an id. Throws MEMBER_NOT_FOUND, in members' words, if there is none.
  func member(_ id: UUID, _ call: UpstreamCall) async throws -> MembersV1.Member {
    let response = try await call {
      try await members.getMember(MembersV1.GetMemberRequest(memberID: id.text))
    }
    guard let member = response.member else { throw call.incomplete }
    return member
  }

  /// What a member has of an asset; nil if no account has been opened.
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
  /// Whether loyalty said that the member has no account.
  var isAccountNotFound: Bool { code == .notFound && info?.reason == "ACCOUNT_NOT_FOUND" }

  /// Whether loyalty said that there is no such order.
  var isOrderNotFound: Bool { code == .notFound && info?.reason == "ORDER_NOT_FOUND" }

  /// Whether the request id was used for another call.
  var isRequestIDReused: Bool { info?.reason == CommonReason.requestIDReused.rawValue }
}
