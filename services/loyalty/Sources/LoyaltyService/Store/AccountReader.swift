import Foundation
import Postgres
import Synchronization

/// Reads accounts in batches, as the ledger writes them: who asks while a batch is being read is in the next one. A
/// balance costs a fraction of a statement of its own.
final class AccountReader: Sendable {
  private struct Waiting: Sendable {
    var key: AccountKey
    var caller: (any LedgerCaller)?
    var answer: @Sendable (Result<AccountRecord?, any Error>) -> Void
  }

  private struct State: Sendable {
    var waiting: [Waiting] = []
    var isReading = false
  }

  private let accounts: AccountStore
  private let batchMaximum: Int
  private let state = Mutex(State())

  init(accounts: AccountStore, batchMaximum: Int) {
    self.accounts = accounts
    self.batchMaximum = batchMaximum
  }

  /// What a member has of an asset; nil if there is no account.
  ///
  /// - Parameter caller: Who waits for it. If nobody does any more when its batch is read, it is left out.
  func account(_ key: AccountKey, for caller: (any LedgerCaller)? = nil) async throws -> AccountRecord? {
    try await withUnsafeThrowingContinuation { continuation in
      read(key, for: caller) { continuation.resume(with: $0) }
    }
  }

  private func read(
    _ key: AccountKey,
    for caller: (any LedgerCaller)?,
    _ answer: @escaping @Sendable (Result<AccountRecord?, any Error>) -> Void
  ) {
    let isFirst = state.withLock { state in
      state.waiting.append(Waiting(key: key, caller: caller, answer: answer))
      defer { state.isReading = true }
      return !state.isReading
    }
    // Not the caller's task: it may be cancelled, and others wait for the same batch.
    if isFirst { Task.detached { await self.readAll() } }
  }

  private func readAll() async {
    while var batch = take() {
      let end = batch.partition { $0.caller?.isCancelled ?? false }
      for abandoned in batch[end...] { abandoned.answer(.failure(LedgerFailure.abandoned)) }
      batch.removeSubrange(end...)
      if batch.isEmpty { continue }
      do {
        let found = try await accounts.accounts(batch.map(\.key))
        for waiting in batch { waiting.answer(.success(found[waiting.key])) }
      } catch {
        for waiting in batch { waiting.answer(.failure(error)) }
      }
    }
  }

  private func take() -> [Waiting]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.isReading = false
        return nil
      }
      let batch = Array(state.waiting.prefix(batchMaximum))
      state.waiting.removeFirst(batch.count)
      return batch
    }
  }
}
