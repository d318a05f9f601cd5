import NIOCore

// Starts the attempts of a call, sends its requests on them, and chooses the one that counts.

extension ClientCall {
  /// The number of earlier attempts that a policy caused.
  var previousAttempts: Int { plan?.previousAttempts ?? 0 }

  // MARK: Starting

  /// Starts an attempt on a new stream with the available requests.
  func startAttempt(_ attempt: CallAttempt) {
    machine.startedAttempt()
    if self.attempt == nil {
      self.attempt = attempt
      fetchRequests()
    } else {
      // Messages added since are being sent to all streams.
      plan?.rivals.append(attempt)
    }
    for frame in log.frames { attempt.queue(frame) }
    if log.isFinished { attempt.finishRequest() }
    enforceReplayLimits()
    if let plan, let delay = plan.startedAttempt() { pause(plan, for: delay) }
    for observer in outgoing.observers { observer.startedAttempt() }
  }

  /// Fails or waits, because there is no connection.
  func failToStart(_ error: RPCError) {
    guard let plan else { return fail(error) }
    _ = machine.leaveQueue()
    let othersRun = machine.hasAttempt
    plan.couldNotStart(othersRun: othersRun)
    if !othersRun { decide(.failure(error, processing: .neverSent)) }
  }

  // MARK: The request

  /// Sends the request messages that the task added, or the end of them.
  func sendRequests() {
    guard let attempt, machine.state == .running else { return }
    let addition = fetchRequests()
    attempt.send(addition)
    if let plan { for rival in plan.rivals { rival.send(addition) } }
    enforceReplayLimits()
  }

  @discardableResult
  private func fetchRequests() -> RequestFeed.Addition {
    guard let feed else { return RequestFeed.Addition(frames: [], isFinished: false) }
    let addition = feed.take()
    if !machine.isCommitted { log.append(addition) }
    return addition
  }

  /// Stops storing a request that is too large to repeat. A stream of messages continues with one attempt. A single
  /// message is repeated only if no server handled it, since it is in memory anyway until it is answered.
  private func enforceReplayLimits() {
    guard feed != nil || plan != nil, !machine.isCommitted else { return }
    let limit = lane.configuration.limits.replayBytes
    if log.bytes <= limit, log.reserve(from: lane.repetition.replay) { return }
    if feed != nil {
      commit(to: mostAdvancedAttempt)
    } else {
      dropPlan()
    }
  }

  func discardLog() {
    let bytes = log.discard()
    if bytes > 0 { lane.repetition.replay.release(bytes) }
  }

  // MARK: Committing

  /// Commits to one attempt, because its response headers arrived or no more can be stored.
  func commit(to winner: CallAttempt?) {
    if machine.isCommitted { return }
    machine.commit()
    discardLog()
    guard let plan else { return }
    let losers = ([attempt].compactMap { $0 } + plan.rivals).filter { $0 !== winner }
    attempt = winner
    plan.rivals = []
    dropPlan()
    for loser in losers {
      machine.cancelledAttempt()
      loser.abandon(.cancelled)
    }
  }

  private var mostAdvancedAttempt: CallAttempt? {
    guard let rivals = plan?.rivals, var best = attempt else { return attempt }
    for rival in rivals where rival.sentBytes > best.sentBytes { best = rival }
    return best
  }

  /// Stops attempts by policy.
  private func dropPlan() {
    guard let plan else { return }
    self.plan = nil
    endPause(plan)
    if machine.leaveQueue() { lane.stopWaiting(self) }
  }

  // MARK: Ending

  /// Handles a stream that ended before its call.
  func endedAttempt(_ ended: CallAttempt, _ outcome: AttemptOutcome) {
    let action = machine.endedAttempt(outcome.processing)
    if action == .none { return }
    if let plan { forget(ended, plan) } else { attempt = nil }
    switch action {
    case .none: break
    case .sendAgain:
      plan?.attemptWasNotHandled()
      queueAttempt()
    case .decide: decide(outcome)
    }
  }

  private func forget(_ ended: CallAttempt, _ plan: AttemptPlan) {
    if ended === attempt {
      attempt = plan.rivals.isEmpty ? nil : plan.rivals.removeFirst()
    } else {
      plan.rivals.removeAll { $0 === ended }
    }
  }

  private func decide(_ outcome: AttemptOutcome) {
    guard let plan, outcome.error != nil else { return finish(outcome) }
    let othersRun = machine.hasAttempt
    let throttle = lane.repetition.throttle
    switch plan.failed(outcome, othersRun: othersRun, throttle: throttle, using: &lane.random) {
    case .end:
      finish(outcome)
    case .repeatNow where !lane.isClosing:
      endPause(plan)
      queueAttempt()
    case .repeatAfter(let time) where !lane.isClosing && NIODeadline.now() + TimeAmount(time) < deadline:
      pause(plan, for: time)
    case .wait, .repeatNow, .repeatAfter:
      // Nothing more is sent. There is no attempt after the deadline, and this failure says more than the deadline
      // would.
      endPause(plan)
      if !othersRun { finish(outcome) }
    }
  }

  private func queueAttempt() {
    if machine.queueAttempt() { lane.wait(self) }
  }

  // MARK: Pauses

  private func pause(_ plan: AttemptPlan, for time: Duration) {
    plan.timer?.cancel()
    plan.timer = lane.eventLoop.scheduleTask(in: TimeAmount(time)) { self.endedPause() }
    lane.pausingCalls[ObjectIdentifier(self)] = self
  }

  func endPause(_ plan: AttemptPlan) {
    guard let timer = plan.timer else { return }
    plan.timer = nil
    timer.cancel()
    lane.pausingCalls[ObjectIdentifier(self)] = nil
  }

  private func endedPause() {
    guard let plan else { return }
    endPause(plan)
    if lane.isClosing { return }
    if plan.isDue(othersRun: machine.hasAttempt, throttle: lane.repetition.throttle) { queueAttempt() }
  }
}
