import Basics
import NIOCore

/// One call of a channel on its event loop: its deadline, its request messages, its attempts, its end.
///
/// Created by any task, then confined to the event loop of its lane.
final class ClientCall: DeadlineHolder, @unchecked Sendable {
  let outgoing: OutgoingCall
  let lane: ChannelLane
  let startTime: NIODeadline
  /// The compression of request messages that are marked as compressed.
  let encoding: Compression
  /// Index in the lane's heap of deadlines.
  var deadlineIndex = -1
  /// Maintained by ``WaitingCalls``.
  var isQueued = false

  private let receiver: any ResponseReceiver
  /// The source of a streaming request, nil when the request is one message.
  let feed: RequestFeed?
  @exclusivity(unchecked) var log: RequestLog
  @exclusivity(unchecked) var machine = CallStateMachine()
  /// The running stream, the oldest of several.
  @exclusivity(unchecked) var attempt: CallAttempt?
  /// How the call may be repeated. Nil when no policy applies, and after committing to one attempt.
  @exclusivity(unchecked) var plan: AttemptPlan?
  /// Bytes of the feed that were sent, counted once however often they are repeated.
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
  /// Whether flow-control credit is returned when the task reads a message. Otherwise it is returned on arrival.
  var holdsCredit: Bool { outgoing.method.kind.serverStreams }

  var responseBytesMaximum: Int {
    outgoing.responseBytesMaximum ?? lane.configuration.limits.receivedMessageBytes
  }

  /// Starts the call on its event loop. Returns false when its caller gave up before; then it ends here.
  func start() -> Bool {
    if machine.start() { return true }
    end(.failure(Self.cancelled))
    return false
  }

  // MARK: Ending locally

  private static var cancelled: RPCError {
    RPCError(.cancelled, .cancelled, "the caller cancelled the call")
  }

  func cancel() {
    fail(Self.cancelled)
  }

  func expire() {
    fail(RPCError(.deadlineExceeded, .deadlineExceeded, "the deadline of the call passed"))
  }

  /// Ends the call with a local error and resets its streams.
  func fail(_ error: RPCError) {
    finish(.failure(error))
  }

  /// Ends the call and resets its streams.
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

  // MARK: Called by attempts

  /// Records that one stream has sent `total` request bytes.
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
