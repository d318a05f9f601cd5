package import CampaignsProto
import Foundation
import LocalSuite
package import LoyaltyProto
import PosProto
package import RPC
import ServiceKit

/// A whole load: prepares the members, puts the load on, has the ledger checked, and makes the report.
package struct LoadSession: Sendable {
  /// What came of it.
  package enum Outcome: Sendable {
    case report(LoadReport)
    /// There was a load, but nobody has checked the ledger.
    case unchecked(reason: String)
  }

  /// The search for the knee.
  package struct Climb: Hashable, Sendable {
    /// The rate to begin with.
    var first: Double
    /// How long each rate is offered.
    var stepSeconds: Double
    /// The longest that 99 of 100 requests may take.
    var limit: Duration

    package init(first: Double, stepSeconds: Double, limit: Duration) {
      self.first = first
      self.stepSeconds = stepSeconds
      self.limit = limit
    }
  }

  /// What to do; members and coupons are filled in here.
  var plan: LoadPlan
  /// The way to the service that gets the load.
  var channel: any ClientChannel
  var loyalty: LoyaltyV1.LoyaltyServiceClient
  /// Issues coupons, if the mix has any.
  var campaigns: CampaignsV1.CampaignsServiceClient?
  var run: LoadRun
  var climb: Climb?
  /// Makes who checks the ledger, of a run's folder.
  var auditor: @Sendable (_ directory: String, MemberRoster) throws -> any LedgerVerdict

  package init(
    plan: LoadPlan,
    channel: any ClientChannel,
    loyalty: LoyaltyV1.LoyaltyServiceClient,
    campaigns: CampaignsV1.CampaignsServiceClient? = nil,
    run: LoadRun,
    climb: Climb? = nil,
    auditor: @escaping @Sendable (_ directory: String, MemberRoster) throws -> any LedgerVerdict
  ) {
    self.plan = plan
    self.channel = channel
    self.loyalty = loyalty
    self.campaigns = campaigns
    self.run = run
    self.climb = climb
    self.auditor = auditor
  }

  /// Does all of it. The plan's folder must be there.
  package func play() async throws -> Outcome {
    let plan = try await prepare()
    let startedAt = Date().formatted(.iso8601)
    var series = LoadSeries()
    var ramp: LoadRamp?
    if let climb {
      var steps = LoadRamp(limit: climb.limit)
      try await steps.climb(first: climb.first) { rate in
        guard !run.stop.isRequested else { return nil }
        var step = plan
        // Every step has sales of its own.
        step.seed &+= UInt64(series.seconds.count)
        step.curve = .constant(rate, seconds: climb.stepSeconds)
        do {
          step.couponFile = try await coupons(for: step, name: "coupons-\(series.seconds.count)")
        } catch is CancellationError {
          return nil
        }
        let trial = try await run.run(step, title: "\(Text.decimal(rate, digits: 0))/s", channel: channel)
        series.append(trial)
        return run.stop.isRequested ? nil : trial
      }
      ramp = steps
    } else {
      var whole = plan
      whole.couponFile = try await coupons(for: plan, name: "coupons")
      series = try await run.run(whole, title: "Load", channel: channel)
    }
    return try await conclude(plan, series, ramp, startedAt: startedAt)
  }

  /// Issues the coupons that a run will use, each of which can be used once.
  ///
  /// - Returns: The file of ``CouponSupply``; nil if the plan has no coupons.
  private func coupons(for plan: LoadPlan, name: String) async throws -> String? {
    guard let campaigns, CouponIssuing.count(plan) > 0 else { return nil }
    let issuing = CouponIssuing(plan: plan, name: name, client: campaigns, stop: run.stop, terminal: run.terminal)
    let file = "\(plan.journalDirectory)/\(name)"
    try await issuing.issue().write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Sees to the members and their stored value.
  private func prepare() async throws -> LoadPlan {
    var plan = plan
    let opening = MemberOpening(plan.members, programme: plan.programme, stop: run.stop, terminal: run.terminal)
    switch plan.service {
    case .loyalty:
      try await opening.open(loyalty)
      if plan.mix.share(of: LoadKind.storedValue.name) > 0 {
        try await StoredValueOpening(plan.programme, client: loyalty).open()
      }
    case .gateway:
      let ids = try await opening.register(PosV1.PosServiceClient(channel))
      let file = "\(plan.journalDirectory)/members"
      try IDFile.content(ids).write(to: URL(fileURLWithPath: file))
      plan.members.file = file
    }
    return plan
  }

  /// Has the ledger checked.
  private func conclude(
    _ plan: LoadPlan,
    _ series: LoadSeries,
    _ ramp: LoadRamp?,
    startedAt: String
  ) async throws -> Outcome {
    if run.stop.isUrgent { return .unchecked(reason: "it was interrupted twice") }
    let wasInterrupted = run.stop.isRequested
    run.terminal.write(line: "Checking the ledger …")
    let auditor = try auditor(plan.journalDirectory, try MemberRoster(plan.members))
    let acknowledged = try AcknowledgedMutations(directory: plan.journalDirectory, sampleMaximum: 1)
    let check = Task { try await auditor.verdict() }
    let watch = Task { [stop = run.stop] in
      if await stop.wait(until: \.isUrgent) { check.cancel() }
    }
    let verdict: Verdict
    do {
      verdict = try await check.value
    } catch {
      let reason = run.stop.isUrgent ? "it was interrupted twice" : "\(error)"
      verdict = .notAsked(reason: "\(auditor.description) could not be read: \(reason)")
    }
    watch.cancel()
    let report = LoadReport(
      series,
      settings: settings(plan),
      startedAt: startedAt,
      acknowledged: acknowledged.counts,
      wasInterrupted: wasInterrupted,
      ramp: ramp,
      verdict: verdict,
      checkedBy: auditor.description
    )
    if let report { return .report(report) }
    guard case .notAsked(let reason) = verdict else { return .unchecked(reason: "there is no verdict") }
    return .unchecked(reason: reason)
  }

  /// What was asked for, in words.
  private func settings(_ plan: LoadPlan) -> [LoadReport.Setting] {
    let offered: String
    if let climb {
      offered = "a ramp from \(Text.trimmed(climb.first))/s, \(Text.trimmed(climb.stepSeconds)) s each"
    } else {
      let isConstant = plan.curve.steps.count == 1
      offered =
        "\(Text.trimmed(plan.curve.peak)) a second\(isConstant ? "" : " in the busiest hour of a day") "
        + "for \(Text.trimmed(plan.seconds)) s"
    }
    return [
      ("target", "\(plan.service.rawValue) at \(plan.target)"),
      ("offered", "\(offered), \(plan.spacing.rawValue) arrivals"),
      ("mix", plan.mix.text),
      ("members", "\(Text.count(plan.members.count)), \(plan.choice.text)"),
      ("stores", Text.count(plan.storeCount)),
      ("processes", Text.count(run.processes)),
      ("seed", String(plan.seed)),
      ("run", plan.run),
    ].map { LoadReport.Setting(name: $0.0, value: $0.1) }
  }
}
