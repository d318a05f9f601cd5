import Synchronization

/// The rows of a `COPY … TO STDOUT`, in pieces of about 64 KiB that end with whole rows. The server waits until the
/// next piece is requested.
public final class CopyReader: AsyncSequence, Sendable {
  public typealias Element = [UInt8]
  public typealias Failure = PostgresError

  private let session: Session
  private let deadline: ContinuousClock.Instant?
  private let isOver = Mutex(false)

  init(_ session: Session, deadline: ContinuousClock.Instant?) {
    self.session = session
    self.deadline = deadline
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    let reader: CopyReader

    /// Returns the next piece, nil after the last.
    public mutating func next() async throws(PostgresError) -> [UInt8]? {
      try await reader.next()
    }

    /// Returns the next piece, nil after the last.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> [UInt8]? {
      try await reader.next()
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(reader: self)
  }

  /// Discards the unread rest.
  func discardRest() async {
    guard !isOver.withLock({ $0 }) else { return }
    _ = try? await session.run(.copyDiscard, isHarmless: true, isCancellable: false)
  }

  private func next() async throws(PostgresError) -> [UInt8]? {
    guard !isOver.withLock({ $0 }) else { return nil }
    do {
      let reply = try await session.run(.copyRead, isHarmless: true, deadline: deadline)
      if case .bytes(let bytes?) = reply { return bytes }
      isOver.withLock { $0 = true }
      return nil
    } catch {
      if error.kind == .server { isOver.withLock { $0 = true } }
      throw error
    }
  }
}
