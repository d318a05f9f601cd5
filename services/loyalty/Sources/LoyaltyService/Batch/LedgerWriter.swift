import Basics
import CoreMetrics
import Foundation
import Logging
import Metrics
import Postgres
import ServiceKit

/// Writes batches of requests over one connection: reads what they need, decides, encodes, writes, answers.
struct LedgerWriter: Sendable {
  let store: LedgerStore
  let calendar: ProgrammeCalendar
  let suspension: SuspensionRule
  let clock: WallClock
  /// Encodes what a batch did, between deciding and writing.
  let encode: LedgerEngine.Encoding
  let metrics: LedgerMetrics
  let logger: Logger
  /// Called when a batch with events has been committed.
  let announce: @Sendable () -> Void

  /// How often a batch is decided anew when others change what it was computed from. Only another instance of the service
  /// can, or a transfer, and it holds the same lanes' rows meanwhile.
  private static let attemptsMaximum = 50
  /// How often a part of a batch that the tables refused is: by then what others wrote has been read.
  private static let partAttemptsMaximum = 3

  /// Writes a batch, and answers every request of it.
  func write(_ batch: [WaitingRequest]) async {
    await write(batch, attempts: Self.attemptsMaximum)
  }

  /// One bad request never fails its neighbours: a batch of which the tables refuse a row, or a part cannot be encoded, is
  /// divided until that request is alone. A failure of the database fails the batch as a whole, at once.
  private func write(_ batch: [WaitingRequest], attempts: Int) async {
    do {
      let answers = try await decide(batch.map(\.request), attempts: attempts)
      answer(batch, answers)
    } catch  where error.blamesARequest && batch.count > 1 {
      await write(Array(batch[..<(batch.count / 2)]), attempts: Self.partAttemptsMaximum)
      await write(Array(batch[(batch.count / 2)...]), attempts: Self.partAttemptsMaximum)
    } catch {
      let failure = LedgerFailure(error)
      metrics.failed.increment()
      log("a batch of the ledger failed", error, failure, of: batch.count)
      for waiting in batch { waiting.answer(.failure(failure)) }
    }
  }

  /// Answers every request. Failures that are not refusals are logged once for all.
  private func answer(_ batch: [WaitingRequest], _ answers: [Result<LedgerAnswer, any Error>]) {
    var failures: (count: Int, first: any Error)?
    for (waiting, answer) in zip(batch, answers) {
      if case .failure(let error) = answer, !error.isRefusal {
        failures = ((failures?.count ?? 0) + 1, failures?.first ?? error)
        waiting.answer(.failure(LedgerFailure(error)))
      } else {
        waiting.answer(answer)
      }
    }
    if let failures { log("requests to the ledger failed", failures.first, .broken, of: failures.count) }
  }

  private func log(_ message: Logger.Message, _ error: any Error, _ failure: LedgerFailure, of count: Int) {
    logger.log(
      level: failure.isRetryable ? .warning : .error,
      message,
      metadata: ["requests": "\(count)", "error": "\(ErrorText.of(error))"]
    )
  }

  /// Reads, decides, encodes and writes; again from the start if something changed in between.
  private func decide(
    _ requests: [LedgerRequest],
    attempts: Int
  ) async throws -> [Result<LedgerAnswer, any Error>] {
    metrics.batchRequests.record(requests.count)
    var attempt = 1
    while true {
      var books = Books(
        try await store.read(requests),
        at: calendar.time(clock.now),
        suspension: suspension,
        expecting: requests.count
      )
      let answers = requests.map { request in Result { try books.apply(request) } }
      if attempt < attempts, answers.contains(where: \.isTorn) {
        metrics.repeated.increment()
        attempt += 1
        continue
      }
      if books.changes.isEmpty { return answers }
      do {
        let bases = try await store.write(
          books.changes,
          try encoded(books.changes),
          programmeVersion: books.programme.version,
          now: books.time.now
        )
        if !books.changes.events.isEmpty { announce() }
        return zip(requests, answers).map { request, answer in
          answer.map { $0.counted(from: bases[Int(Lane(member: request.member).number)]) }
        }
      } catch let error as PostgresError where error.isConflict && attempt < attempts {
        metrics.repeated.increment()
        attempt += 1
      }
    }
  }
}

extension LedgerWriter {
  private func encoded(_ changes: BookChanges) throws(EncodingFailure) -> EncodedChanges {
    do { return try encode(changes) } catch { throw EncodingFailure(cause: error) }
  }
}

extension Result<LedgerAnswer, any Error> {
  /// It could not be decided by what was read.
  fileprivate var isTorn: Bool {
    if case .failure(let error) = self { error is TornSnapshot } else { false }
  }
}

extension Error {
  /// Whether one request of the batch is to blame, so that the others succeed without it.
  fileprivate var blamesARequest: Bool {
    switch self {
    case let error as PostgresError: error.blamesARow
    default: self is EncodingFailure
    }
  }

  /// Whether the ledger's rules refused the request; everything else is a failure.
  fileprivate var isRefusal: Bool {
    self is BooksRefusal || self is LedgerRefusal || self is PostingRefusal || self is TornSnapshot
  }
}

/// What the engine measures of itself.
struct LedgerMetrics: Sendable {
  /// Requests in a batch.
  let batchRequests: Recorder
  /// Batches that were decided anew, because something changed after they were read.
  let repeated: Counter
  /// Batches that the database failed.
  let failed: Counter
  /// Requests that were refused for want of room or time.
  let refused: Counter
  /// Requests that nobody waited for any more when their turn came.
  let abandoned: Counter

  init(factory: any MetricsFactory) {
    batchRequests = Recorder(label: "ledger_batch_requests", aggregate: true, factory: factory)
    repeated = Counter(label: "ledger_batches_repeated", factory: factory)
    failed = Counter(label: "ledger_batches_failed", factory: factory)
    refused = Counter(label: "ledger_requests_refused", factory: factory)
    abandoned = Counter(label: "ledger_requests_abandoned", factory: factory)
  }
}
