import ArgumentParser
import Basics
import Foundation
import LedgerAudit
import LocalSuite
import Logging
import LoyaltyProto
import Postgres
import RPC
import ServiceKit
import TillSimulation

/// Puts a load on a suite.
struct LoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract:
      "Puts the checkouts of a chain's peak on the points service or the gateway, and checks the ledger after it.",
    discussion: """
      Requests start when they are due, whatever has been answered (an open loop), and latency counts from the moment at \
      which a request was meant to start. Lines per basket and the hours of a day are those of the grocery data.

      Members are made before the run, as far as they are missing. After it the ledger is audited, as `patron audit` does, \
      and what was acknowledged must be there, once; where its database can't be reached, the points service is asked. \
      Throughput that nobody has checked is no result. Exit codes: 0 a result and a clean ledger, 1 findings or a process \
      that was lost, 2 no result because nobody has checked the ledger. Ctrl-C ends the run with a report of what ran.

      Never put it on a suite whose members are real: it makes members and posts sales that stay there.

        patron up --only loyalty &
        patron load --profile stores-1000 --html report.html
        patron load --ramp --limit 50

        patron up &
        patron load --service gateway --rate 100 --shoppers hot --mix earn=80,coupon=20
      """
  )

  @OptionGroup(title: "Where") var addresses: LoadAddressOptions
  @OptionGroup(title: "Traffic") var traffic: LoadTrafficOptions
  @OptionGroup(title: "Members") var members: LoadMemberOptions
  @OptionGroup(title: "Result") var report: LoadReportOptions

  @Option(help: "The folder of the recorded receipts. Found beside the project if not given.")
  var data: String?

  @Flag(help: "Show the lines per basket and the hours of the day that the grocery data has, and end.")
  var showCurves = false

  func run() async throws {
    let curves = try curves()
    if showCurves {
      for line in curves.lines { Terminal.output.write(line: line) }
      return
    }
    let stop = StopSignal()
    let interrupts = InterruptSignals.stream()
    let listener = Task {
      for await _ in interrupts { stop.request() }
    }
    defer { listener.cancel() }
    let run = UUIDv7Generator().next().text
    let folder = report.journal.map { "\($0)/\(run)" } ?? NSTemporaryDirectory() + "/patron-load-\(run)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { if report.journal == nil { try? FileManager.default.removeItem(atPath: folder) } }
    do {
      try conclude(try await play(curves, run: run, folder: folder, stop: stop))
    } catch is CancellationError {
      Terminal.output.write(line: "\nInterrupted while preparing. Run it again to go on from here.")
      throw ExitCode(130)
    } catch let error as RPCError where error.code == .unavailable {
      throw LoadError("\(error.message). Is the suite running at \(target)? See --port, --loyalty and --gateway.")
    }
  }

  private var target: String { addresses.address(of: traffic.service.rawValue) }

  /// The recorded curves: counted in the data if it is there, else those that were counted once.
  private func curves() throws -> BasketCurves {
    guard let directory = try? JourneyDirectory.find(data) else { return .recorded }
    return BasketCurves(try Journey(directory: directory))
  }

  private func play(
    _ curves: BasketCurves,
    run: String,
    folder: String,
    stop: StopSignal
  ) async throws -> LoadSession.Outcome {
    let clients = try addresses.clients()
    let channel = try LoadChannel.open(target, outstandingMaximum: traffic.outstanding)
    do {
      let programme = try await LoadProgramme(clients.loyalty)
      let session = LoadSession(
        plan: try plan(curves, programme, run: run, folder: folder),
        channel: channel,
        loyalty: clients.loyalty,
        campaigns: traffic.service == .gateway ? clients.campaigns : nil,
        run: LoadRun(
          processes: traffic.processes,
          executable: LoadCommand.executable,
          stop: stop,
          terminal: .output
        ),
        climb: try traffic.climb,
        auditor: try auditor(clients.loyalty, programme)
      )
      let outcome = try await session.play()
      await channel.close()
      await clients.close()
      return outcome
    } catch {
      await channel.close()
      await clients.close()
      throw error
    }
  }

  private func plan(
    _ curves: BasketCurves,
    _ programme: LoadProgramme,
    run: String,
    folder: String
  ) throws -> LoadPlan {
    let profile = try traffic.chosenProfile
    return LoadPlan(
      service: traffic.service,
      target: target,
      curve: try traffic.curve(curves),
      spacing: traffic.arrivals,
      seed: traffic.seed,
      run: run,
      mix: try traffic.mixture(),
      members: members.range(profile, service: traffic.service),
      choice: members.choice,
      storeCount: traffic.stores ?? profile.storeCount,
      curves: curves,
      programme: programme,
      outstandingMaximum: traffic.outstanding,
      timeoutMilliseconds: Int(traffic.timeout * 1_000),
      journalDirectory: folder
    )
  }

  /// Who checks the ledger.
  private func auditor(
    _ loyalty: LoyaltyV1.LoyaltyServiceClient,
    _ programme: LoadProgramme
  ) throws -> @Sendable (String, MemberRoster) throws -> any LedgerVerdict {
    if report.skipVerdict { return { _, _ in NobodyAsked(reason: "--skip-verdict") } }
    guard let url = try report.databaseURL(isLocal: addresses.areLocal) else {
      guard !report.chain else { throw LoadError("--chain needs loyalty's database: say with --database where it is.") }
      return { directory, roster in
        let acknowledged = try AcknowledgedMutations(
          directory: directory,
          sampleMaximum: LedgerAnswers.sampleMaximum
        )
        return LedgerAnswers(
          client: loyalty,
          acknowledged: acknowledged,
          roster: roster,
          storedValueAsset: programme.storedValueAsset
        )
      }
    }
    let checksChain = report.chain
    return { directory, _ in
      LedgerAuditor(
        database: Database(configuration: AuditDatabase.configuration(url), logger: .silent),
        acknowledged: try AcknowledgedMutations(directory: directory, sampleMaximum: LedgerAuditor.sampleMaximum),
        checksChain: checksChain,
        terminal: .output
      )
    }
  }

  /// Says what came of it.
  private func conclude(_ outcome: LoadSession.Outcome) throws {
    let terminal = Terminal.output
    switch outcome {
    case .unchecked(let reason):
      terminal.write(line: "no result: nobody has checked the ledger (\(reason))")
      throw ExitCode(2)
    case .report(let result):
      terminal.write(line: "")
      for line in result.lines + [""] + result.results { terminal.write(line: line) }
      try report.write(result)
      if !result.isGood { throw ExitCode.failure }
    }
  }

  /// This very program, for starting it again.
  static var executable: String {
    LinuxProcess.current.executable ?? CommandLine.arguments[0]
  }
}
