import Foundation
import Postgres
import Synchronization

/// Reads accounts in batches, as the ledger writes them: who asks while a batch is being read is in the next one. A
/// balance costs a fraction of a statement of its own.
final class AccountReader: Sendable {
  private struct Waiting: Sendable {
    var key: AccountKey
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
  func account(_ key: AccountKey) async throws -> AccountRecord? {
    try await withUnsafeThrowingContinuation { continuation in
      read(key) { continuation.resume(with: $0) }
    }
  }

  /// Says what a member has of an asset, as soon as it is read; nil if there is no account.
  func read(_ key: AccountKey, _ answer: @escaping @Sendable (Result<AccountRecord?, any Error>) -> Void) {
    let isFirst = state.withLock { state in
      state.waiting.append(Waiting(key: key, answer: answer))
      defer { state.isReading = true }
      return !state.isReading
    }
    // Not the caller's task: it may be cancelled, and others wait for the same batch.
    if isFirst { Task { await self.readAll() } }
  }

  private func readAll() async {
    while let batch = take() {
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
