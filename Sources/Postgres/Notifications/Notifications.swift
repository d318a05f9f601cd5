/// The notifications of one channel, from the moment ``Database/listen(to:)`` returned until nobody iterates any more.
public struct Notifications: AsyncSequence, Sendable {
  public typealias Element = Notification
  public typealias Failure = Never

  let stream: AsyncStream<Notification>

  public struct AsyncIterator: AsyncIteratorProtocol {
    var iterator: AsyncStream<Notification>.AsyncIterator

    /// The next notification; nil when the database object shut down or the task was cancelled.
    public mutating func next() async -> Notification? {
      await iterator.next(isolation: #isolation)
    }

    /// The next notification; nil when the database object shut down or the task was cancelled.
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
  /// How many notifications wait for a slow reader before the oldest are dropped and it is told so.
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

/// What `NOTIFY` sent, or word that notifications may have been missed.
public struct Notification: Sendable, Hashable {
  /// The channel's name.
  public var channel: String

  /// What the sender added; empty when it added nothing.
  public var payload: String

  /// The server process that sent it; 0 when ``mayHaveMissed``.
  public var processID: Int32

  /// True for an element that PostgreSQL did not send: the connection was lost and made again, or more came than the
  /// reader took, so notifications before this one may be missing. Look at the tables.
  public var mayHaveMissed: Bool

  init(channel: String, payload: String, processID: Int32, mayHaveMissed: Bool = false) {
    self.channel = channel
    self.payload = payload
    self.processID = processID
    self.mayHaveMissed = mayHaveMissed
  }
}

extension Database {
  /// Listens to a channel. When this returns PostgreSQL has confirmed it: nothing sent from now on is missed, unless
  /// an element says so (``Notification/mayHaveMissed``).
  ///
  /// All channels of a database share one connection, beside the pool's. Listening ends when nobody iterates over the
  /// sequence any more.
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
