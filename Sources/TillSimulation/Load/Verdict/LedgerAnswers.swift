import Basics
import Foundation
import LocalSuite
package import LoyaltyProto
import RPC
import ServiceKit

/// Checks the ledger by asking the points service, where its database can't be reached: whether it knows what it
/// acknowledged, and whether balances are the sums of their entries.
package struct LedgerAnswers: LedgerVerdict {
  /// How many acknowledged changes are asked for.
  package static let sampleMaximum = 1_000
  /// How many members' accounts are looked at.
  private static let accountsMaximum = 200
  /// How many pages of entries are read of one account; those with more are left out.
  private static let pagesMaximum = 200
  /// How often the account of a member who is shopping meanwhile is looked at again.
  private static let triesMaximum = 5
  private static let atOnce = 32

  /// What a member has of one asset.
  private struct Account: Hashable {
    var memberNumber: Int
    /// The asset's code.
    var asset: String
  }

  let client: LoyaltyV1.LoyaltyServiceClient
  let acknowledged: AcknowledgedMutations
  let roster: MemberRoster
  /// The code of the stored value that the load moved.
  let storedValueAsset: String
  private let patience = Patience(total: .seconds(30))

  package init(
    client: LoyaltyV1.LoyaltyServiceClient,
    acknowledged: AcknowledgedMutations,
    roster: MemberRoster,
    storedValueAsset: String
  ) {
    self.client = client
    self.acknowledged = acknowledged
    self.roster = roster
    self.storedValueAsset = storedValueAsset
  }

  package var description: String {
    "the points service's own answers, for at most \(Text.count(Self.sampleMaximum)) changes and "
      + "\(Self.accountsMaximum) accounts"
  }

  package func verdict() async throws -> Verdict {
    let findings = LedgerAnswerFindings()
    try await concurrently(acknowledged.sample, atOnce: Self.atOnce) { mutation in
      if let finding = try await check(mutation) { await findings.add(finding) }
    }
    let accounts = Set(acknowledged.sample.map(account(of:))).sorted { first, second in
      (first.memberNumber, first.asset) < (second.memberNumber, second.asset)
    }
    try await concurrently(Array(accounts.prefix(Self.accountsMaximum)), atOnce: Self.atOnce) { account in
      if let finding = try await check(account) { await findings.add(finding) }
    }
    let all = await findings.all
    return all.isEmpty ? .clean : .findings(all.sorted())
  }

  private func check(_ mutation: AcknowledgedMutation) async throws -> String? {
    guard mutation.kind != .storedValue else { return try await check(movement: mutation) }
    let id = mutation.orderID.text
    let order: LoyaltyV1.Order
    do {
      let request = LoyaltyV1.GetOrderRequest(key: .orderID(id))
      order = try await patience.call { try await client.getOrder(request, options: $0) }.order ?? LoyaltyV1.Order()
    } catch let error as RPCError where error.code == .notFound {
      return "the order \(id) was acknowledged and is not in the ledger"
    }
    switch mutation.kind {
    case .order where order.pointsEarned - order.pointsRedeemed != mutation.balanceChange:
      return "the order \(id) changed the points otherwise than was answered"
    case .reversal where order.reversedAt == nil:
      return "the reversal of the order \(id) was acknowledged and is not in the ledger"
    default:
      return nil
    }
  }

  private func check(movement: AcknowledgedMutation) async throws -> String? {
    let id = movement.requestID.text
    guard let entries = try await entries(of: account(of: movement)) else { return nil }
    // The points service names an entry after its request.
    let own = entries.filter { $0.entryID.hasPrefix(id) }
    if own.isEmpty { return "the movement \(id) of a stored value was acknowledged and is not in the ledger" }
    guard own.reduce(0, { $0 + $1.points }) != movement.balanceChange else { return nil }
    return "the movement \(id) changed the stored value otherwise than was answered"
  }

  private func check(_ account: Account) async throws -> String? {
    for _ in 0..<Self.triesMaximum {
      let before = try await balance(of: account)
      guard let sum = try await entries(of: account)?.reduce(0, { $0 + $1.points }) else { return nil }
      if sum == before { return nil }
      if try await balance(of: account) == before {
        return "the balance of \(roster.memberID(account.memberNumber)) in \(account.asset) is \(before), its entries "
          + "add up to \(sum)"
      }
    }
    return nil
  }

  /// The account that a change was made to.
  private func account(of mutation: AcknowledgedMutation) -> Account {
    Account(
      memberNumber: mutation.memberNumber,
      asset: mutation.kind == .storedValue ? storedValueAsset : "points"
    )
  }

  private func balance(of account: Account) async throws -> Int64 {
    let request = LoyaltyV1.GetBalanceRequest(memberID: roster.memberID(account.memberNumber), asset: account.asset)
    return try await patience.call { try await client.getBalance(request, options: $0) }.balance?.points ?? 0
  }

  /// An account's entries; nil if there are too many.
  private func entries(of account: Account) async throws -> [LoyaltyV1.Entry]? {
    var request = LoyaltyV1.ListEntriesRequest(
      memberID: roster.memberID(account.memberNumber),
      pageSize: 500,
      asset: account.asset
    )
    var entries: [LoyaltyV1.Entry] = []
    for _ in 0..<Self.pagesMaximum {
      let asked = request
      let page = try await patience.call { try await client.listEntries(asked, options: $0) }
      entries += page.entries
      if page.nextPageToken.isEmpty { return entries }
      request.pageToken = page.nextPageToken
    }
    return nil
  }
}

/// What was found, from many tasks.
private actor LedgerAnswerFindings {
  private(set) var all: [String] = []

  func add(_ finding: String) { all.append(finding) }
}
