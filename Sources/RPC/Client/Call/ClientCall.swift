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
  let feed: RequestFeed?
  @exclusivity(unchecked) var log: RequestLog
  @exclusivity(unchecked) var machine = CallStateMachine()
  /// The stream that runs; of several the oldest.
  @exclusivity(unchecked) var attempt: CallAttempt?
  /// How the call may be repeated; nil when its configuration says nothing of it, and once one attempt is left.
  @exclusivity(unchecked) var plan: AttemptPlan?
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
    self.plan = outgoing.methodConfig?.config.attempts.map { AttemptPlan($0) }
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
    self.plan = outgoing.methodConfig?.config.attempts.map { AttemptPlan($0) }
  }

  var deadline: NIODeadline { outgoing.deadline }
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

  /// Ends the call with an error of this side, resetting its streams.
  func fail(_ error: RPCError) {
    finish(.failure(error))
  }

  /// Ends the call, resetting what still runs of it.
  func finish(_ outcome: AttemptOutcome) {
    let action = machine.end()
    if action == .none { return }
    if action == .endAndReset { abandonAttempts(outcome.code) }
    end(outcome)
  }

  private func abandonAttempts(_ status: StatusCode) {
    let (attempt, rivals) = (self.attempt, plan?.rivals ?? [])
    self.attempt = nil
    plan?.rivals = []
    attempt?.abandon(status)
    for rival in rivals { rival.abandon(status) }
  }

  private func end(_ outcome: AttemptOutcome) {
    discardLog()
    if let plan { endPause(plan) }
    feed?.ended(outcome)
    lane.ended(self)
    if outcome.error == nil { lane.repetition.throttle?.succeeded() }
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

  // MARK: From attempts

  /// The requests are on the wire of one stream up to `total` bytes.
  func sentRequestBytes(total: Int) {
    guard let feed, total > releasedBytes else { return }
    feed.sent(total - releasedBytes)
    releasedBytes = total
  }

  func receivedHeaders(_ metadata: Metadata, on attempt: CallAttempt) {
    commit(to: attempt)
    for observer in outgoing.observers { observer.receivedHeaders(metadata) }
    receiver.receivedHeaders(metadata)
  }

  func received(_ message: FrameReader.Message, credit: Int) {
    receiver.received(message, credit: credit)
  }

  func grantCredit(_ bytes: Int) {
    attempt?.grantCredit(bytes)
  }
}
