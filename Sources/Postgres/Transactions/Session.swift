/// One caller's exclusive use of a connection, which is acquired with the first request.
struct Session: Sendable {
  let database: Database
  let lease: Lease

  /// - Parameter opening: A statement before the first request in the same round trip.
  init(_ database: Database, opening: String? = nil) {
    self.database = database
    lease = Lease(opening: opening)
  }

  @discardableResult
  func run(
    _ work: Request.Work,
    controls: [String] = [],
    ending: Request.Ending = .none,
    isHarmless: Bool = false,
    isCancellable: Bool = true,
    deadline: ContinuousClock.Instant? = nil
  ) async throws(PostgresError) -> Reply {
    let request = request(work, controls: controls, ending: ending, isHarmless: isHarmless, deadline: deadline)
    return try await database.run(request, isCancellable: isCancellable)
  }

  /// Ends the session without waiting for the server.
  func end(_ ending: Request.Ending) {
    let request = Request(
      .nothing,
      lease: lease,
      ending: ending,
      isHarmless: true,
      submitted: Moment.now,
      deadline: Moment(nanoseconds: .max)
    )
    database.send(request)
  }

  private func request(
    _ work: Request.Work,
    controls: [String],
    ending: Request.Ending,
    isHarmless: Bool,
    deadline: ContinuousClock.Instant?
  ) -> Request {
    let now = Moment.now
    return Request(
      work,
      lease: lease,
      controls: controls,
      ending: ending,
      isHarmless: isHarmless,
      submitted: now,
      deadline: database.deadline(deadline, from: now)
    )
  }
}
