import NIOCore

/// One call of a channel on its event loop: its deadline, its request messages, the attempts it takes, its end.
///
/// Made by any task, then confined to the event loop of its lane.
final class ClientCall: DeadlineHolder, @unchecked Sendable {
  let outgoing: OutgoingCall
  let lane: ChannelLane
  let startTime: NIODeadline
  /// How request messages marked as compressed are packed.
  let encoding: Compression
  /// Its place in the lane's heap of deadlines.
  var deadlineIndex = -1
  /// Kept by ``WaitingCalls``.
  var isQueued = false

  private let receiver: any ResponseReceiver
  /// Where a streaming request comes from; nil when the request is one message.
  private let feed: RequestFeed?
  @exclusivity(unchecked) private var log: RequestLog
  @exclusivity(unchecked) private var machine = CallStateMachine()
  @exclusivity(unchecked) private var attempt: CallAttempt?
  /// Bytes of the feed that went on the wire, counted once however often they are sent.
  private var releasedBytes = 0

  init(
    _ outgoing: OutgoingCall,
    lane: ChannelLane,
    startTime: NIODeadline,
    request: [UInt8],
    receiver: any ResponseReceiver
  ) {
    self.outgoing = outgoing
    self.lane = lane
    self.startTime = startTime
    self.receiver = receiver
    self.encoding = FrameHeader.isCompressed(request) ? .gzip : .identity
    self.feed = nil
    self.log = RequestLog(message: request)
  }

  init(
    _ outgoing: OutgoingCall,
    lane: ChannelLane,
    startTime: NIODeadline,
    feed: RequestFeed,
    encoding: Compression,
    receiver: any ResponseReceiver
  ) {
    self.outgoing = outgoing
    self.lane = lane
    self.startTime = startTime
    self.receiver = receiver
    self.encoding = encoding
    self.feed = feed
    self.log = RequestLog()
  }

  var deadline: NIODeadline { outgoing.deadline }
  var isWaiting: Bool { machine.state == .waiting }
  var isPastDeadline: Bool { NIODeadline.now() >= deadline }
  /// The task takes messages one by one; otherwise there is one, and credit for it goes back as it arrives.
  var holdsCredit: Bool { outgoing.method.kind.serverStreams }

  var responseBytesMaximum: Int {
    outgoing.responseBytesMaximum ?? lane.configuration.limits.receivedMessageBytes
  }

  /// The call reaches its event loop. False when its caller gave up before: it ends here.
  func start() -> Bool {
    if machine.start() { return true }
    end(.failure(Self.cancelled))
    return false
  }

  // MARK: Ending on this side

  private static var cancelled: RPCError {
    RPCError(.cancelled, .cancelled, "the caller cancelled the call")
  }

  func cancel() {
    fail(Self.cancelled)
  }

  func expire() {
    fail(RPCError(.deadlineExceeded, .deadlineExceeded, "the deadline of the call passed"))
  }

  /// Ends the call with an error of this side, resetting its stream.
  func fail(_ error: RPCError) {
    let action = machine.end()
    if action == .none { return }
    if action == .endAndReset, let attempt {
      self.attempt = nil
      attempt.abandon(error.code)
    }
    end(.failure(error))
  }

  private func end(_ outcome: AttemptOutcome) {
    log.discard()
    feed?.ended(outcome)
    lane.ended(self)
    if !outgoing.observers.isEmpty {
      let summary = CallSummary(
        error: outcome.error,
        duration: Duration(.now() - startTime),
        attempts: machine.attempts,
        trailers: outcome.trailers
      )
      for observer in outgoing.observers { observer.ended(summary) }
    }
    receiver.ended(outcome)
  }

  // MARK: Attempts

  /// The call got a connection: fills the stream's body with what there is of the request.
  func startAttempt(_ attempt: CallAttempt) {
    machine.startedAttempt()
    self.attempt = attempt
    fetchRequests()
    for frame in log.frames { attempt.queue(frame) }
    if log.isFinished { attempt.finishRequest() }
    commitIfTooLarge()
    for observer in outgoing.observers { observer.startedAttempt() }
  }

  /// The task added request messages, or finished them.
  func sendRequests() {
    guard let attempt, machine.state == .running else { return }
    let addition = fetchRequests()
    for frame in addition.frames { attempt.queue(frame) }
    if addition.isFinished { attempt.finishRequest() }
    commitIfTooLarge()
    attempt.connection.scheduleFlush()
  }

  @discardableResult
  private func fetchRequests() -> RequestFeed.Addition {
    guard let feed else { return RequestFeed.Addition(frames: [], isFinished: false) }
    let addition = feed.take()
    if !machine.isCommitted { log.append(addition) }
    return addition
  }

  private func commitIfTooLarge() {
    guard feed != nil, log.exceeds(lane.configuration.limits.replayBytes) else { return }
    commit()
  }

  private func commit() {
    machine.commit()
    log.discard()
  }

  /// The stream's requests are on the wire up to `total` bytes.
  func sentRequestBytes(total: Int) {
    guard let feed, total > releasedBytes else { return }
    feed.sent(total - releasedBytes)
    releasedBytes = total
  }

  // MARK: The response

  func receivedHeaders(_ metadata: Metadata) {
    commit()
    for observer in outgoing.observers { observer.receivedHeaders(metadata) }
    receiver.receivedHeaders(metadata)
  }

  func received(_ message: FrameReader.Message, credit: Int) {
    receiver.received(message, credit: credit)
  }

  func grantCredit(_ bytes: Int) {
    attempt?.grantCredit(bytes)
  }

  /// The stream ended by itself.
  func endedAttempt(_ outcome: AttemptOutcome) {
    let action = machine.endedAttempt(outcome.processing)
    if action == .none { return }
    attempt = nil
    switch action {
    case .none: break
    case .wait: lane.wait(self)
    case .end: end(outcome)
    }
  }
}
