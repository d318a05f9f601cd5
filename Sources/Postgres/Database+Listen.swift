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
