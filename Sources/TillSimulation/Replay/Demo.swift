package import LocalSuite

/// What `patron demo` does with a running suite: a month of receipts, one member's story, and what to try next.
package struct Demo: Sendable {
  /// The folder of the recorded receipts.
  let directory: String
  let ports: SuitePorts
  let terminal: Terminal

  package init(directory: String, ports: SuitePorts, terminal: Terminal) {
    self.directory = directory
    self.ports = ports
    self.terminal = terminal
  }

  /// - Returns: How many things did not add up.
  package func run() async throws -> Int {
    let plan = ReplayPlan(try Journey(directory: directory), period: .month(12))
    let clients = try SuiteClients(address: ports.address)
    terminal.write(line: "")
    terminal.write(
      line: "\(plan.period.name) of a grocery chain: \(Text.count(plan.receiptCount)) receipts of "
        + "\(Text.count(plan.households.count)) households, sent through the gateway as tills would."
    )
    let replay = Replay(
      plan: plan,
      clients: clients,
      patience: Patience(total: .seconds(60)),
      concurrency: 64,
      terminal: terminal
    )
    let outcome = try await replay.run()
    let story = try await TillStory(clients: clients, patience: replay.patience).tell()
    await clients.close()

    show("What happened", outcome.summary(pointsRedeemed: story.pointsRedeemed))
    show("One member at the till", story.lines.map { "  \($0)" })
    show("Try next", suggestions)
    terminal.write(line: "")
    for line in outcome.results { terminal.write(line: line) }
    return outcome.mismatchCount
  }

  private func show(_ title: String, _ lines: [String]) {
    terminal.write(line: "")
    terminal.write(line: terminal.coloured(title, .bold))
    for line in lines { terminal.write(line: line) }
  }

  /// Three commands, for another terminal.
  private var suggestions: [String] {
    let address = ports.base == 7400 ? "" : "PATRON_GATEWAY=\(ports.address("gateway")) "
    let port = ports.base == 7400 ? "" : " --port \(ports.base)"
    let identify =
      "patron.pos.v1.PosService/IdentifyMember '{\"card_number\": \"\(PlannedHousehold.cardNumber(906))\"}'"
    return [
      "  scripts/python && \(address).venv/bin/python Examples/python/till.py",
      "      a till in Python: register, sell, look at the points, take the sale back",
      "  \(address).venv/bin/python Examples/python/call.py \(identify)",
      "      any call, by nothing but reflection",
      "  .build/release/patron replay --all\(port)",
      "      the whole year, checked against the record",
    ]
  }
}
