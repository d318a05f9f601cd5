import NIOCore

// The attempts of a call: which are made, what they send, and which of them decides.

extension ClientCall {
  /// Attempts that were made before the next one because of a policy.
  var previousAttempts: Int { plan?.previousAttempts ?? 0 }

  // MARK: Beginning

  /// The call got a connection: fills the stream's body with what there is of the request.
  func startAttempt(_ attempt: CallAttempt) {
    machine.startedAttempt()
    if self.attempt == nil {
      self.attempt = attempt
      fetchRequests()
    } else {
      // What the task added since is on its way to all streams.
      plan?.rivals.append(attempt)
    }
    for frame in log.frames { attempt.queue(frame) }
    if log.isFinished { attempt.finishRequest() }
    keepWithinLimits()
    if let plan, let delay = plan.startedAttempt() { pause(plan, for: delay) }
    for observer in outgoing.observers { observer.startedAttempt() }
  }

  /// There is no connection, and the call does not wait for one.
  func failToStart(_ error: RPCError) {
    guard let plan else { return fail(error) }
    _ = machine.leaveQueue()
    let othersRun = machine.hasAttempt
    plan.couldNotStart(othersRun: othersRun)
    if !othersRun { decide(.failure(error, processing: .neverSent)) }
  }

  // MARK: The request

  /// The task added request messages, or finished them.
  func sendRequests() {
    guard let attempt, machine.state == .running else { return }
    let addition = fetchRequests()
    attempt.send(addition)
    if let plan { for rival in plan.rivals { rival.send(addition) } }
    keepWithinLimits()
  }

  @discardableResult
  private func fetchRequests() -> RequestFeed.Addition {
    guard let feed else { return RequestFeed.Addition(frames: [], isFinished: false) }
    let addition = feed.take()
    if !machine.isCommitted { log.append(addition) }
    return addition
  }

  /// A request that is too large to keep is not repeated: a stream of messages goes on with one attempt, a single
  /// message is sent again only if no server handled it, as it lies in memory anyway until it is answered.
  private func keepWithinLimits() {
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

  // MARK: One decides

  /// From here on there is one attempt. Response headers arrived on it, or no more can be kept.
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

  /// No more attempts are made because of a policy.
  private func dropPlan() {
    guard let plan else { return }
    self.plan = nil
    endPause(plan)
    if machine.leaveQueue() { lane.stopWaiting(self) }
  }

  // MARK: Ending

  /// A stream ended by itself before its call did.
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
      // Nothing more is sent. An attempt after the deadline is none: this failure says more than that the time is over.
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
