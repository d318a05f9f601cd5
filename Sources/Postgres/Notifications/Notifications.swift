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
