import LoyaltyProto
import MembersProto
import RPC

/// Asks members and loyalty what they know of a household, once the ledger's events have arrived there.
struct HouseholdCheck: Sendable {
  let household: PlannedHousehold
  let period: ReplayPeriod
  let rule: PointsRule
  let clients: SuiteClients
  let patience: Patience

  /// How many items are asked for at a time: the most that the services give.
  private static let pageSize: Int32 = 500

  func run(tally: ReplayTally) async throws {
    let request = MembersV1.ResolveMemberRequest(identifier: .cardNumber(household.cardNumber))
    let resolved: MembersV1.ResolveMemberResponse
    do {
      resolved = try await patience.call { options in
        try await clients.members.resolveMember(request, options: options)
      }
    } catch let error as RPCError where error.code == .notFound {
      return tally.add { $0.mismatches.append("household \(household.number) is no member") }
    }
    let findings = try await findings(resolved.member?.memberID ?? "")
    tally.add { sums in
      sums.members += 1
      sums.receipts += findings.receipts
      sums.spentCents += findings.spentCents
      sums.pointsEarned += findings.pointsEarned
      sums.mismatches += findings.mismatches
    }
  }

  /// What the services know, asked again until members has heard of every receipt or hears of no more.
  private func findings(_ memberID: String) async throws -> HouseholdFindings {
    var lastCount = -1
    var lastChange = ContinuousClock.now
    while true {
      let findings = try await ask(memberID)
      if findings.receipts == household.receipts.count { return findings }
      if findings.receipts != lastCount {
        lastCount = findings.receipts
        lastChange = .now
      }
      if ContinuousClock.now - lastChange > patience.total { return findings }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// Reads the history before the totals: once every receipt is in the history, the totals hold them all too.
  private func ask(_ memberID: String) async throws -> HouseholdFindings {
    let purchases = try await purchases(memberID)
    let totals = try await patience.call { options in
      try await clients.members.getPurchaseTotals(
        MembersV1.GetPurchaseTotalsRequest(memberID: memberID),
        options: options
      )
    }.totals
    let balance = try await patience.call { options in
      try await clients.loyalty.getBalance(LoyaltyV1.GetBalanceRequest(memberID: memberID), options: options)
    }.balance
    return HouseholdFindings(
      household: household,
      period: period,
      rule: rule,
      purchases: purchases,
      totals: totals ?? MembersV1.PurchaseTotals(),
      entries: try await entries(memberID),
      balance: balance ?? LoyaltyV1.Balance()
    )
  }

  private func purchases(_ memberID: String) async throws -> [MembersV1.Purchase] {
    var all: [MembersV1.Purchase] = []
    var request = MembersV1.ListPurchasesRequest(memberID: memberID, pageSize: Self.pageSize)
    repeat {
      let page = try await patience.call { [request] options in
        try await clients.members.listPurchases(request, options: options)
      }
      all += page.purchases
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    return all
  }

  private func entries(_ memberID: String) async throws -> [LoyaltyV1.Entry] {
    var all: [LoyaltyV1.Entry] = []
    var request = LoyaltyV1.ListEntriesRequest(memberID: memberID, pageSize: Self.pageSize)
    repeat {
      let page = try await patience.call { [request] options in
        try await clients.loyalty.listEntries(request, options: options)
      }
      all += page.entries
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    return all
  }
}
