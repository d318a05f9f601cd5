/// The notifications of one channel, from the return of ``Database/listen(to:)`` until nothing iterates over it.
public struct Notifications: AsyncSequence, Sendable {
  public typealias Element = Notification
  public typealias Failure = Never

  let stream: AsyncStream<Notification>

  public struct AsyncIterator: AsyncIteratorProtocol {
    var iterator: AsyncStream<Notification>.AsyncIterator

    /// Returns the next notification, nil when the database object was shut down or the task cancelled.
    public mutating func next() async -> Notification? {
      await iterator.next(isolation: #isolation)
    }

    /// Returns the next notification, nil when the database object was shut down or the task cancelled.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> Notification? {
      await iterator.next(isolation: actor)
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(iterator: stream.makeAsyncIterator())
  }
}

/// One reader of a channel.
final class Subscription: Sendable {
  /// How many notifications are buffered for a slow reader before the oldest are dropped, which the reader can see.
  static let bufferLimit = 1_024

  let channel: String
  private let continuation: AsyncStream<Notification>.Continuation

  init(channel: String, continuation: AsyncStream<Notification>.Continuation) {
    self.channel = channel
    self.continuation = continuation
  }

  func deliver(_ notification: Notification) {
    if case .dropped = continuation.yield(notification) { missed() }
  }

  func missed() {
    continuation.yield(Notification(channel: channel, payload: "", processID: 0, mayHaveMissed: true))
  }

  func finish() {
    continuation.finish()
  }
}

/// A notification of PostgreSQL, or a warning that some may have been missed.
public struct Notification: Sendable, Hashable {
  /// The channel's name.
  public var channel: String

  /// The sender's payload, empty when there is none.
  public var payload: String

  /// The server process of the sender, 0 when ``mayHaveMissed``.
  public var processID: Int32

  /// Whether notifications before this element may be missing, because the connection was lost and re-established, or
  /// the reader was too slow. PostgreSQL did not send such an element. Read the tables then.
  public var mayHaveMissed: Bool

  init(channel: String, payload: String, processID: Int32, mayHaveMissed: Bool = false) {
    self.channel = channel
    self.payload = payload
    self.processID = processID
    self.mayHaveMissed = mayHaveMissed
  }
}

extension Database {
  /// Listens to a channel. Returns when PostgreSQL has confirmed it. No later notification is missed unless an element
  /// says so (``Notification/mayHaveMissed``).
  ///
  /// All channels of a database share one connection beside the pool's. Listening ends when nothing iterates over the
  /// sequence.
  ///
  /// - Throws: ``PostgresError``.
  public func listen(
    to channel: String,
    deadline: ContinuousClock.Instant? = nil
  ) async throws(PostgresError) -> Notifications {
    let (stream, continuation) = AsyncStream<Notification>.makeStream(
      bufferingPolicy: .bufferingNewest(Subscription.bufferLimit)
    )
    let subscription = Subscription(channel: channel, continuation: continuation)
    let inbox = driver.inbox
    continuation.onTermination = { _ in inbox.post(.unlisten(subscription)) }
    _ = try await run(request(.listen(subscription), deadline: deadline))
    return Notifications(stream: stream)
  }

  /// Sends a notification.
  ///
  /// - Throws: ``PostgresError``.
  public func notify(_ channel: String, payload: String = "") async throws(PostgresError) {
    _ = try await query("SELECT pg_notify(\(channel), \(payload))")
  }
}
