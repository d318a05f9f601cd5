internal import Foundation
internal import PatronAPI
internal import RPC
internal import ServiceKit

/// Checks the ledger by asking the points service, where its database can't be reached: whether it knows the acknowledged
/// orders, and whether balances are the sums of their entries.
struct LedgerAnswers: LedgerVerdict {
  /// How many acknowledged changes are asked for.
  static let sampleMaximum = 1_000
  /// How many members are looked at.
  private static let membersMaximum = 200
  /// How many pages of entries are read of one member; members with more are left out.
  private static let pagesMaximum = 200
  /// How often a member who is shopping meanwhile is looked at again.
  private static let triesMaximum = 5
  private static let atOnce = 32

  let client: LoyaltyV1.LoyaltyServiceClient
  let acknowledged: AcknowledgedMutations
  let roster: MemberRoster
  private let patience = Patience(total: .seconds(30))

  init(client: LoyaltyV1.LoyaltyServiceClient, acknowledged: AcknowledgedMutations, roster: MemberRoster) {
    self.client = client
    self.acknowledged = acknowledged
    self.roster = roster
  }

  var description: String {
    "the points service's own answers, for at most \(Text.count(Self.sampleMaximum)) changes and "
      + "\(Self.membersMaximum) members"
  }

  func verdict() async throws -> Verdict {
    let findings = LedgerAnswerFindings()
    try await concurrently(acknowledged.sample, atOnce: Self.atOnce) { mutation in
      if let finding = try await check(mutation) { await findings.add(finding) }
    }
    let members = Set(acknowledged.sample.map(\.memberNumber)).sorted().prefix(Self.membersMaximum)
    try await concurrently(Array(members), atOnce: Self.atOnce) { number in
      if let finding = try await check(member: roster.memberID(number)) { await findings.add(finding) }
    }
    let all = await findings.all
    return all.isEmpty ? .clean : .findings(all.sorted())
  }

  private func check(_ mutation: AcknowledgedMutation) async throws -> String? {
    let id = mutation.orderID.text
    let order: LoyaltyV1.Order
    do {
      let request = LoyaltyV1.GetOrderRequest(key: .orderId(id))
      order = try await patience.call { try await client.getOrder(request, options: $0) }.order ?? LoyaltyV1.Order()
    } catch let error as RPCError where error.code == .notFound {
      return "the order \(id) was acknowledged and is not in the ledger"
    }
    switch mutation.kind {
    case .order where order.pointsEarned - order.pointsRedeemed != mutation.pointsChange:
      return "the order \(id) changed the points otherwise than was answered"
    case .reversal where order.reversedAt == nil:
      return "the reversal of the order \(id) was acknowledged and is not in the ledger"
    default:
      return nil
    }
  }

  private func check(member: String) async throws -> String? {
    for _ in 0..<Self.triesMaximum {
      let before = try await balance(of: member)
      guard let sum = try await entries(of: member) else { return nil }
      if sum == before { return nil }
      if try await balance(of: member) == before {
        return "the balance of \(member) is \(before), its entries add up to \(sum)"
      }
    }
    return nil
  }

  private func balance(of member: String) async throws -> Int64 {
    let request = LoyaltyV1.GetBalanceRequest(memberId: member)
    return try await patience.call { try await client.getBalance(request, options: $0) }.balance?.points ?? 0
  }

  /// What the member's entries add up to; nil if there are too many.
  private func entries(of member: String) async throws -> Int64? {
    var request = LoyaltyV1.ListEntriesRequest(memberId: member, pageSize: 500)
    var sum: Int64 = 0
    for _ in 0..<Self.pagesMaximum {
      let asked = request
      let page = try await patience.call { try await client.listEntries(asked, options: $0) }
      sum += page.entries.reduce(0) { $0 + $1.points }
      if page.nextPageToken.isEmpty { return sum }
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
