import Basics
import Foundation
import LoyaltyProto
import RPC
import ServiceKit

extension LoyaltyAPI {
  func getBalance(
    _ request: LoyaltyV1.GetBalanceRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.GetBalanceResponse {
    .init(balance: try await balance(request))
  }

  /// The balance that is asked for.
  func balance(_ request: LoyaltyV1.GetBalanceRequest) async throws -> LoyaltyV1.Balance {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let memberID = fields.uuid("member_id", request.memberID)
    let now = clock.now
    let asOf = request.asOf == nil ? nil : fields.timestamp("as_of", request.asOf, latest: now)
    try fields.throwIfAny()
    let asset = try await asset(request.asset)
    let account = try await account(memberID, asset)
    guard let asOf else { return current(account, of: memberID, asset) }
    let time = calendar.time(asOf)
    let past = try await past(account, AccountKey(member: memberID, asset: asset.id), at: time)
    return LoyaltyV1.Balance(past, of: account, memberID, asset, at: time.now)
  }

  /// An account as it was: since it was last written to, what time made of it; before that, what its entries add up to.
  private func past(_ account: AccountRecord, _ key: AccountKey, at time: LedgerTime) async throws -> PastHolding {
    if account.updatedAt < time.now { return PastHolding(account.holding, at: time) }
    return PastHolding(after: try await accounts.postings(key, until: time.now), today: time.today)
  }

  /// An account as it is now. What is due is entered with the next write; until then reads apply it.
  func current(_ account: AccountRecord, of member: UUID, _ asset: Asset) -> LoyaltyV1.Balance {
    var account = account
    _ = account.holding.settle(at: calendar.time(clock.now))
    return LoyaltyV1.Balance(account, of: member, asset)
  }

  /// What a member has of an asset: nothing yet of one that was never moved, if the member has a points account.
  func account(_ member: UUID, _ asset: Asset) async throws -> AccountRecord {
    let caller = ServerContext.current
    if let account = try await balances.account(AccountKey(member: member, asset: asset.id), for: caller) {
      try account.checkSound()
      return account
    }
    guard asset.id != .points,
      let points = try await balances.account(AccountKey(member: member, asset: .points), for: caller)
    else {
      throw LoyaltyReason.accountNotFound.error(metadata: ["member_id": member.text])
    }
    return .new(at: points.openedAt)
  }
}
