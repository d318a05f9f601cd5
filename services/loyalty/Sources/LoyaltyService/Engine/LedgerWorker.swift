import CoreMetrics
import Foundation
import Metrics
import Postgres
import ServiceKit
import Synchronization

/// Does the requests of some lanes, batch by batch, over one connection.
final class LedgerWorker: Sendable {
  /// A request and who waits for it; an object, so that a queue and a batch pass it on by reference.
  private final class Waiting: Sendable {
    let request: LedgerRequest
    let since: ContinuousClock.Instant
    let answer: @Sendable (Result<LedgerAnswer, any Error>) -> Void

    init(_ request: LedgerRequest, _ answer: @escaping @Sendable (Result<LedgerAnswer, any Error>) -> Void) {
      self.request = request
      self.answer = answer
      since = .now
    }
  }

  /// How often a batch is decided anew when others change what it was computed from. Only another copy of the service
  /// can, and it holds the same lanes' rows meanwhile.
  private static let attemptsMaximum = 50

  private let store: LedgerStore
  private let settings: LedgerEngineSettings
  private let calendar: ProgrammeCalendar
  private let clock: WallClock
  private let metrics: LedgerMetrics
  private let announce: @Sendable () -> Void
  private let queue: Mutex<LaneQueue<Waiting>>
  private let arrivals: AsyncStream<Void>
  private let arrival: AsyncStream<Void>.Continuation

  init(
    store: LedgerStore,
    settings: LedgerEngineSettings,
    calendar: ProgrammeCalendar,
    clock: WallClock,
    metrics: LedgerMetrics,
    announce: @escaping @Sendable () -> Void
  ) {
    self.store = store
    self.settings = settings
    self.calendar = calendar
    self.clock = clock
    self.metrics = metrics
    self.announce = announce
    queue = Mutex(LaneQueue(laneMaximum: settings.laneQueueMaximum))
    (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Puts a request in line. Once it is done and durable, or refused, its answer is given.
  func enqueue(_ request: LedgerRequest, _ answer: @escaping @Sendable (Result<LedgerAnswer, any Error>) -> Void) {
    let waiting = Waiting(request, answer)
    let (wasEmpty, isAdded) = queue.withLock { queue in
      (queue.isEmpty, queue.append(waiting, to: Lane(member: request.member)))
    }
    if !isAdded {
      refuse(waiting, .laneIsFull(limit: settings.laneQueueMaximum))
    } else if wasEmpty {
      arrival.yield()
    }
  }

  /// How many requests wait in line.
  var waiting: Int { queue.withLock { $0.count } }

  /// Works until the task is cancelled; what is waiting then is done first.
  func run() async {
    for await _ in arrivals {
      while let batch = take() { await finish(batch) }
    }
    while let batch = take() { await finish(batch) }
  }

  private func take() -> [Waiting]? {
    let batch = queue.withLock { $0.take(settings.batchMaximum) }
    return batch.isEmpty ? nil : batch
  }

  private func refuse(_ waiting: Waiting, _ cause: LedgerOverload.Cause) {
    metrics.refused.increment()
    waiting.answer(.failure(LedgerOverload(cause: cause, retryAfter: settings.retryAfter)))
  }
}

// MARK: - Batches

extension LedgerWorker {
  private func finish(_ batch: [Waiting]) async {
    let oldest = ContinuousClock.now - settings.waitMaximum
    // In the order in which they came: after the first that has not waited too long, none has.
    let late = batch.prefix { $0.since < oldest }
    for waiting in late { refuse(waiting, .waitedTooLong(limit: settings.waitMaximum)) }
    if late.count < batch.count { await attempt(late.isEmpty ? batch : Array(batch[late.count...])) }
  }

  /// Does a batch. One bad request never fails its neighbours: what the database refuses is divided until it is alone.
  private func attempt(_ batch: [Waiting]) async {
    do {
      let answers = try await decide(batch.map(\.request))
      for (waiting, answer) in zip(batch, answers) { waiting.answer(answer) }
    } catch let error as PostgresError where error.isServerError && batch.count > 1 {
      await attempt(Array(batch[..<(batch.count / 2)]))
      await attempt(Array(batch[(batch.count / 2)...]))
    } catch {
      for waiting in batch { waiting.answer(.failure(error)) }
    }
  }

  /// Reads, decides and writes; again from the start if something changed in between.
  private func decide(_ requests: [LedgerRequest]) async throws -> [Result<LedgerAnswer, any Error>] {
    metrics.batchSize.record(requests.count)
    var attempts = 1
    while true {
      var books = Books(try await store.read(requests), at: calendar.time(clock.now), expecting: requests.count)
      let answers = requests.map { request in Result { try books.apply(request) } }
      if attempts < Self.attemptsMaximum, answers.contains(where: \.isTorn) {
        metrics.repeated.increment()
        attempts += 1
        continue
      }
      if books.changes.isEmpty { return answers }
      do {
        let bases = try await store.write(
          books.changes,
          programmeVersion: books.programme.version,
          now: books.time.now
        )
        if !books.changes.events.isEmpty { announce() }
        return zip(requests, answers).map { request, answer in
          answer.map { $0.counted(from: bases[Int(Lane(member: request.member).number)]) }
        }
      } catch let error as PostgresError where error.isConflict && attempts < Self.attemptsMaximum {
        metrics.repeated.increment()
        attempts += 1
      }
    }
  }
}

extension Result<LedgerAnswer, any Error> {
  /// It could not be decided by what was read.
  fileprivate var isTorn: Bool {
    if case .failure(let error) = self { error is TornSnapshot } else { false }
  }
}

extension PostgresError {
  /// Somebody else changed what the batch was computed from, or wrote the same at the same moment.
  fileprivate var isConflict: Bool {
    sqlState == .serializationFailure || sqlState == .uniqueViolation || sqlState == .deadlockDetected
  }

  /// The server looked at the statement and refused it.
  fileprivate var isServerError: Bool { sqlState != nil }
}
