import NIOCore

/// One stream of `grpc.health.v1.Health/Watch`. It is not a call of the channel: it belongs to its connection and does
/// not prevent idleness. Confined to the event loop.
final class HealthStream: HTTPStream {
  enum Event {
    case received(ServingStatus)
    /// The last event. There is none when the connection is lost, or when the stream was cancelled here.
    case ended(AttemptOutcome)
  }

  static let method = MethodDescriptor(service: "grpc.health.v1.Health", name: "Watch", kind: .serverStreaming)
  /// A status is two bytes. The rest is for fields of later versions.
  private static let messageBytesMaximum = 1024

  private let connection: ClientConnection
  private let headerBytesMaximum: Int
  private var deliver: ((Event) -> Void)?
  private var response = ResponseStateMachine(expectsOneMessage: false)
  private var block = ResponseHeaderBlock()
  private var reader = FrameReader(messageBytesMaximum: messageBytesMaximum)

  init(
    on connection: ClientConnection,
    service: String,
    headerBytesMaximum: Int,
    deliver: @escaping (Event) -> Void
  ) {
    self.connection = connection
    self.headerBytesMaximum = headerBytesMaximum
    self.deliver = deliver
    super.init()
    outgoing.bytes.append(FrameHeader.frame(HealthRequest.bytes(service: service)))
    outgoing.end = .endStream
  }

  /// Stops delivering events.
  func cancel() {
    deliver = nil
    response.abandon()
    session?.reset(self, .cancel)
    connection.scheduleFlush()
  }

  override func didBeginHeaders() {
    block = ResponseHeaderBlock()
  }

  override func didReceiveHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    guard deliver != nil else { return }
    if headerListBytes <= headerBytesMaximum {
      block.add(name: name, value: value)
    } else {
      end(.violation("the response headers are larger than the limit of \(headerBytesMaximum) bytes"))
    }
  }

  override func didReceiveHeaders(endStream: Bool) {
    switch response.received(block, endsStream: endStream, insideMessage: reader.isInsideMessage) {
    case .none, .open: break
    case .end(let outcome): deliverEnd(outcome)
    case .endAndReset(let outcome): end(outcome)
    }
  }

  override func didReceiveData(_ bytes: UnsafeRawBufferPointer) {
    var chunk = bytes
    do {
      while deliver != nil, let message = try reader.next(from: &chunk) {
        guard case .deliver = response.receivedMessage() else { continue }
        if message.isCompressed { throw WireReader.Malformed() }
        deliver?(.received(try ServingStatus(response: message.bytes)))
      }
      session?.returnCredit(stream: self, bytes: bytes.count)
    } catch {
      end(.violation("the answer of the health service cannot be read", .malformedMessage))
    }
  }

  override func didReceiveEnd() {
    if let outcome = response.closed(.noError, isPastDeadline: false, requestWasSent: true) { end(outcome) }
  }

  override func didClose(_ code: HTTP2ErrorCode) {
    // With the connection lost there is nothing to check. The subchannel is notified of the loss itself.
    if connection.lossError == nil,
      let outcome = response.closed(code, isPastDeadline: false, requestWasSent: true)
    {
      deliverEnd(outcome)
    }
    deliver = nil
    connection.closedStream(wasRefused: false)
  }

  private func end(_ outcome: AttemptOutcome) {
    response.abandon()
    session?.reset(self, .cancel)
    connection.scheduleFlush()
    deliverEnd(outcome)
  }

  private func deliverEnd(_ outcome: AttemptOutcome) {
    let deliver = deliver
    self.deliver = nil
    deliver?(.ended(outcome))
  }
}
