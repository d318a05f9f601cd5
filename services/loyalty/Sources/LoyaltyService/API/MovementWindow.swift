import Foundation
import LoyaltyProto
import Synchronization

/// The movements of a stream that are under way, and those that are done and not yet answered: together at most `limit`.
final class MovementWindow: Sendable {
  /// A movement that is done or refused.
  struct Finished: Sendable {
    var number: UInt64
    var outcome: Outcome
  }

  /// The outcome of a movement.
  enum Outcome: Sendable {
    case moved(MovementCommand, Result<LedgerAnswer, any Error>)
    case read(UUID, Result<LedgerAnswer, any Error>)
    indirect case balance(LoyaltyV1.Balance)
    case refused(any Error)
  }

  private struct State: Sendable {
    let limit: Int
    var underWay = 0
    var finished: [Finished] = []
    var isClosed = false
    var isAbandoned = false
    var reader: UnsafeContinuation<Void, Never>?
    var writer: UnsafeContinuation<Void, Never>?

    /// How many more may begin.
    var room: Int { limit - underWay - finished.count }

    /// Whether nothing will finish any more.
    var isOver: Bool { isClosed && underWay == 0 && finished.isEmpty }

    /// Takes the first that are done; as a rule all, which copies none.
    mutating func takeFinished(_ maximum: Int) -> [Finished] {
      var taken: [Finished] = []
      swap(&taken, &finished)
      if taken.count > maximum {
        finished = Array(taken[maximum...])
        taken.removeLast(finished.count)
      }
      return taken
    }
  }

  /// How many outcomes are taken at once; they fit in one message.
  private static let takenMaximum = 1_000

  private let state: Mutex<State>

  init(limit: Int) {
    state = Mutex(State(limit: limit))
  }

  /// Returns once another movement may begin, and counts it as under way. One task may wait.
  ///
  /// - Throws: `CancellationError` if no more may begin, or nobody takes what is finished any more.
  func begin() async throws {
    while try !tryToBegin() {
      await withUnsafeContinuation { continuation in
        let isReady = state.withLock { state in
          if state.room > 0 || state.isClosed || state.isAbandoned { return true }
          state.reader = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    }
  }

  private func tryToBegin() throws -> Bool {
    try state.withLock { state in
      if state.isClosed || state.isAbandoned { throw CancellationError() }
      guard state.room > 0 else { return false }
      state.underWay += 1
      return true
    }
  }

  /// Records the outcome of a movement that is under way.
  func finish(_ number: UInt64, _ outcome: Outcome) {
    let writer = state.withLock { state in
      state.underWay -= 1
      state.finished.append(Finished(number: number, outcome: outcome))
      defer { state.writer = nil }
      return state.writer
    }
    writer?.resume()
  }

  /// Closes the window: no more movements begin.
  func close() {
    let (reader, writer) = state.withLock { state in
      state.isClosed = true
      defer { (state.reader, state.writer) = (nil, nil) }
      return (state.reader, state.writer)
    }
    reader?.resume()
    writer?.resume()
  }

  /// Discards what finishes from now on: nobody will take it.
  func abandon() {
    let reader = state.withLock { state in
      state.isAbandoned = true
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume()
  }

  /// Takes what is finished, a thousand at most, as soon as something is; nil when nothing is under way and no more will
  /// begin. One task may wait. What is taken makes room for others.
  func take() async -> [Finished]? {
    while true {
      let (finished, isOver) = takeNow()
      if !finished.isEmpty { return finished }
      if isOver { return nil }
      await withUnsafeContinuation { continuation in
        let isReady = state.withLock { state in
          if !state.finished.isEmpty || state.isOver { return true }
          state.writer = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    }
  }

  private func takeNow() -> ([Finished], isOver: Bool) {
    let (finished, isOver, reader) = state.withLock { state in
      let finished = state.takeFinished(Self.takenMaximum)
      defer { if !finished.isEmpty { state.reader = nil } }
      return (finished, state.isOver, finished.isEmpty ? nil : state.reader)
    }
    reader?.resume()
    return (finished, isOver)
  }
}
