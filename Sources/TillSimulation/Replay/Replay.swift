import CampaignsProto
package import LocalSuite
import LoyaltyProto
import RPC

/// Sends the receipts of a plan through the gateway as the stores' tills would, then asks the services whether everything
/// adds up.
package struct Replay: Sendable {
  let plan: ReplayPlan
  let clients: SuiteClients
  let patience: Patience
  /// How many households shop at once.
  let concurrency: Int
  let terminal: Terminal

  package init(plan: ReplayPlan, clients: SuiteClients, patience: Patience, concurrency: Int, terminal: Terminal) {
    self.plan = plan
    self.clients = clients
    self.patience = patience
    self.concurrency = concurrency
    self.terminal = terminal
  }

  /// Runs the replay from its beginning. What an earlier run did is not done twice: every request has the same id.
  package func run() async throws -> ReplayOutcome {
    let programme = try await ProgrammeSetup(clients: clients, patience: patience).run()
    let rule = PointsRule(programme.earnRule ?? LoyaltyV1.EarnRule())
    let templates = try await createTemplates()
    let tally = ReplayTally()

    let shopping = ProgressReporter("Receipts", total: plan.receiptCount, terminal: terminal)
    try await concurrently(plan.households, atOnce: concurrency) { household in
      let run = HouseholdReplay(
        household: household,
        templates: templates,
        rule: rule,
        clients: clients,
        patience: patience
      )
      try await run.run(tally: tally, progress: shopping)
    }
    shopping.finish()
    let shoppingTime = shopping.elapsed

    let checking = ProgressReporter("Checking members", total: plan.households.count, terminal: terminal)
    try await concurrently(plan.households, atOnce: min(concurrency, 16)) { household in
      let check = HouseholdCheck(
        household: household,
        period: plan.period,
        rule: rule,
        clients: clients,
        patience: patience
      )
      try await check.run(tally: tally)
      checking.advance()
    }
    checking.finish()
    return ReplayOutcome(plan: plan, tally: tally.sums, shoppingTime: shoppingTime)
  }

  /// Makes sure of one template per campaign.
  private func createTemplates() async throws -> [Int: String] {
    var ids: [Int: String] = [:]
    for template in plan.templates {
      let request = CampaignsV1.CreateCouponTemplateRequest(template)
      let response = try await patience.call { options in
        try await clients.campaigns.createCouponTemplate(request, options: options)
      }
      ids[template.campaign] = response.template?.templateID
    }
    return ids
  }
}
