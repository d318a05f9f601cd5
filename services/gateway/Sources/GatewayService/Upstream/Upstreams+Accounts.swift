internal import Foundation
internal import PatronAPI
internal import RPC
internal import ServiceKit

extension Upstreams {
  /// Opens the points account of a member, on behalf of the request `requestID`. Changes nothing if it is open.
  func openAccount(of member: UUID, for requestID: UUID) async throws {
    _ = try await calling("loyalty") {
      try await loyalty.openAccount(
        LoyaltyV1.OpenAccountRequest(requestId: requestID.openingAccount(of: member).text, memberId: member.text)
      )
    }
  }

  /// The member with an id. Throws MEMBER_NOT_FOUND, in members' words, if there is none.
  func member(_ id: UUID) async throws -> MembersV1.Member {
    let response = try await calling("members") {
      try await members.getMember(MembersV1.GetMemberRequest(memberId: id.text))
    }
    guard let member = response.member else {
      throw GatewayReason.upstreamFailed.error(metadata: ["service": "members"])
    }
    return member
  }

  /// The points of a member; nil if no account has been opened.
  func balance(of memberID: String) async throws -> LoyaltyV1.Balance? {
    do {
      return try await calling("loyalty") {
        try await loyalty.getBalance(LoyaltyV1.GetBalanceRequest(memberId: memberID))
      }.balance
    } catch let error as RPCError where error.isAccountNotFound {
      return nil
    }
  }
}

extension RPCError {
  /// Whether loyalty said that the member has no account.
  var isAccountNotFound: Bool {
    code == .notFound && info?.reason == "ACCOUNT_NOT_FOUND"
  }

  /// Whether loyalty said that the reservation of the order's coupons ran out before the order was posted.
  var isReservationVoided: Bool {
    code == .failedPrecondition && info?.reason == "RESERVATION_VOIDED"
  }
}
