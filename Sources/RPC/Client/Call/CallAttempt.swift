import NIOCore

/// One stream of a call. Confined to the event loop of its connection.
final class CallAttempt: HTTPStream {
  let call: ClientCall
  let connection: ClientConnection
  private let startTime = NIODeadline.now()
  private let headerBytesMaximum: Int
  private let messageBytesMaximum: Int
  @exclusivity(unchecked) private var response: ResponseStateMachine
  @exclusivity(unchecked) private var block = ResponseHeaderBlock()
  @exclusivity(unchecked) private var reader: FrameReader
  @exclusivity(unchecked) private var credit = StreamCredit()
  @exclusivity(unchecked) private var isReported = false
  @exclusivity(unchecked) private var queuedFrames = 0
  /// Request bytes on the wire, including framing.
  @exclusivity(unchecked) private(set) var sentBytes = 0
  @exclusivity(unchecked) private var receivedMessageBytes = 0

  init(_ call: ClientCall, on connection: ClientConnection) {
    self.call = call
    self.connection = connection
    self.headerBytesMaximum = call.lane.configuration.limits.receivedHeaderBytes
    self.messageBytesMaximum = call.responseBytesMaximum
    self.response = ResponseStateMachine(expectsOneMessage: !call.outgoing.method.kind.serverStreams)
    self.reader = FrameReader(messageBytesMaximum: messageBytesMaximum)
    super.init()
  }

  // MARK: Called by the session

  override func didBeginHeaders() {
    block = ResponseHeaderBlock()
  }

  override func didReceiveHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    guard !isReported else { return }
    if headerListBytes <= headerBytesMaximum {
      block.add(name: name, value: value)
    } else {
      endAndReset(
        .failure(
          RPCError(
            .resourceExhausted,
            .metadataTooLarge,
            "the response headers are larger than the limit of \(headerBytesMaximum) bytes",
            info: ["limit_bytes": "\(headerBytesMaximum)"]
          )
        )
      )
    }
  }

  override func didReceiveHeaders(endStream: Bool) {
    if let accepts = block.acceptsGzip { call.lane.serverAcceptsGzip(accepts) }
    switch response.received(block, endsStream: endStream, insideMessage: reader.isInsideMessage) {
    case .none: break
    case .open: call.receivedHeaders(block.metadata, on: self)
    case .end(let outcome):
      end(outcome)
      // The answer came before the request was complete, so the rest is not needed.
      if !isRequestSent { reset(.cancel) }
    case .endAndReset(let outcome): endAndReset(outcome)
    }
  }

  override func didReceiveData(_ bytes: UnsafeRawBufferPointer) {
    guard !isReported else { return }
    credit.arrived(bytes.count)
    var chunk = bytes
    do throws(FrameReader.Failure) {
      while let message = try reader.next(from: &chunk) {
        receive(message)
        if isReported { return }
      }
    } catch {
      return endAndReset(.failure(error.error(limit: messageBytesMaximum)))
    }
    session?.returnCredit(stream: self, bytes: credit.settle())
  }

  private func receive(_ message: FrameReader.Message) {
    switch response.receivedMessage() {
    case .none: break
    case .endAndReset(let outcome): endAndReset(outcome)
    case .deliver:
      if message.isCompressed, block.encoding != "gzip" { return endAndReset(unreadable(block.encoding)) }
      receivedMessageBytes += message.bytes.count
      let held = call.holdsCredit ? credit.completed(frameBytes: message.bytes.count + FrameHeader.length) : 0
      call.received(message, credit: held)
    }
  }

  /// Makes the outcome for a message that is marked as compressed and cannot be decompressed.
  private func unreadable(_ encoding: String?) -> AttemptOutcome {
    guard let encoding, encoding != "identity" else {
      return .violation("received a compressed message without grpc-encoding", .malformedMessage)
    }
    return .violation(
      "the message encoding \"\(encoding)\" is not supported; identity and gzip are",
      .unsupportedEncoding
    )
  }

  override func didReceiveEnd() {
    // END_STREAM on DATA: there will be no trailers. Reported now, because the stream stays open while the request
    // runs.
    guard let outcome = response.closed(.noError, isPastDeadline: false, requestWasSent: true) else { return }
    endAndReset(outcome)
  }

  override func didSend(bytes: Int, remaining: Int) {
    sentBytes += bytes
    call.sentRequestBytes(total: sentBytes)
  }

  override func didClose(_ code: HTTP2ErrorCode) {
    let requestWasSent = sentBytes > 0 || connection.hasSentHeaders(of: self)
    let outcome =
      if let error = connection.lossError {
        response.lostConnection(error, requestWasSent: requestWasSent)
      } else {
        response.closed(code, isPastDeadline: call.isPastDeadline, requestWasSent: requestWasSent)
      }
    if let outcome { end(outcome) }
    connection.closedStream(wasRefused: requestWasSent && code == .refusedStream)
  }

  // MARK: Called by the call

  /// Appends a framed message to the body, before or after the stream opens.
  func queue(_ frame: [UInt8]) {
    queuedFrames += 1
    if let session { session.send(frame, on: self) } else { outgoing.bytes.append(frame) }
  }

  /// Appends to the body of an open stream and sends it.
  func send(_ addition: RequestFeed.Addition) {
    for frame in addition.frames { queue(frame) }
    if addition.isFinished { finishRequest() }
    connection.scheduleFlush()
  }

  /// Ends the request messages.
  func finishRequest() {
    if let session { session.finish(self, endingWith: .endStream) } else { outgoing.end = .endStream }
  }

  /// Abandons the stream, because the call ended on this side.
  func abandon(_ status: StatusCode) {
    response.abandon()
    report(status)
    reset(.cancel)
  }

  /// Reports that the stream could not be opened.
  func refuse() {
    if let outcome = response.closed(.refusedStream, isPastDeadline: false, requestWasSent: false) { end(outcome) }
  }

  func grantCredit(_ bytes: Int) {
    let granted = credit.taken(bytes)
    guard granted > 0, let session else { return }
    session.returnCredit(stream: self, bytes: granted)
    connection.scheduleFlush()
  }

  // MARK: Ending

  private var isRequestSent: Bool {
    guard outgoing.bytes.isEmpty, case .endStream = outgoing.end else { return false }
    return sentBytes > 0 || connection.hasSentHeaders(of: self)
  }

  private func endAndReset(_ outcome: AttemptOutcome) {
    response.abandon()
    end(outcome)
    reset(.cancel)
  }

  private func end(_ outcome: AttemptOutcome) {
    guard report(outcome.code) else { return }
    call.endedAttempt(self, outcome)
  }

  private func reset(_ code: HTTP2ErrorCode) {
    session?.reset(self, code)
    connection.scheduleFlush()
  }

  /// Reports the outcome. Returns true the first time.
  @discardableResult
  private func report(_ status: StatusCode) -> Bool {
    guard !isReported else { return false }
    isReported = true
    if !call.outgoing.observers.isEmpty {
      let summary = AttemptSummary(
        status: status,
        duration: Duration(.now() - startTime),
        sentMessageBytes: max(0, sentBytes - queuedFrames * FrameHeader.length),
        receivedMessageBytes: receivedMessageBytes
      )
      for observer in call.outgoing.observers { observer.endedAttempt(summary) }
    }
    return true
  }
}
