import Basics
import Foundation
import Logging
import LoyaltyTestSupport
import ServiceKit

@testable import LoyaltyService

extension LedgerEngine {
  /// An engine on the database of a test, beside the service's own.
  static func sample(
    _ loyalty: LoyaltyHarness,
    metrics: PrometheusRegistry = PrometheusRegistry(),
    logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
    _ change: (inout LedgerEngineSettings) -> Void = { _ in },
    encode: Encoding? = nil
  ) -> LedgerEngine {
    var settings = LedgerEngineSettings()
    change(&settings)
    return LedgerEngine(
      database: loyalty.database,
      settings: settings,
      calendar: ProgrammeCalendar(timeZone: .gmt),
      clock: .system,
      encode: encode ?? LedgerMessages(ids: loyalty.ids).encode,
      metrics: metrics,
      logger: logger,
      announce: {}
    )
  }

  /// Submits `count` requests before the engine runs, so that they wait together, then runs it until all have an outcome.
  func submitted<Outcome: Sendable>(
    _ count: Int,
    _ submit: @escaping @Sendable (Int) async throws -> Outcome
  ) async throws -> [Outcome] {
    let outcomes = Task { try await atOnce(count, submit) }
    await untilWaiting(count)
    return try await running { try await outcomes.value }
  }

  /// Runs the engine while `body` does.
  func running<Result>(_ body: () async throws -> Result) async throws -> Result {
    let running = start()
    defer { running.cancel() }
    return try await body()
  }

  /// Runs the engine's jobs until the task is cancelled.
  func start() -> Task<Void, Never> {
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    return Task {
      await withTaskGroup { group in
        for job in jobs { group.addTask { await job.run(logger: logger) } }
      }
    }
  }

  /// Waits until `count` requests wait.
  func untilWaiting(_ count: Int) async {
    while waiting < count { await Task.yield() }
  }
}

extension LedgerRequest {
  /// A new credit of points.
  static func credit(
    _ amount: Int64,
    to member: UUID,
    _ ids: UUIDv7Generator,
    digestBytes: Int = 32
  ) -> LedgerRequest {
    LedgerRequest(
      id: ids.next(),
      digest: [UInt8](repeating: 1, count: digestBytes),
      member: member,
      command: .move(Movement(asset: .points, operation: .credit(amount, expiresOn: .never, activates: nil)))
    )
  }
}
