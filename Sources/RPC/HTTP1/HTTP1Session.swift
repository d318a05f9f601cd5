import DequeModule
import NIOCore
import NIOHTTP1

/// Receives the events of an ``HTTP1Session`` on its event loop.
protocol HTTP1SessionDelegate: AnyObject {
  /// Opens a stream for a request.
  func session(_ session: HTTP1Session, openStream id: Int32) -> HTTPStream
  /// Stops or resumes reading from the socket.
  func session(_ session: HTTP1Session, pausesReading isPaused: Bool)
}

/// The protocol state of one HTTP/1.1 connection on a server (RFC 9112), between SwiftNIO's parser and the streams: one
/// request at a time. What a client sends ahead waits.
final class HTTP1Session: HTTPSession {
  @exclusivity(unchecked) private unowned(unsafe) var delegate: (any HTTP1SessionDelegate)?
  /// Request bytes that may wait for a handler before reading stops.
  private let windowBytes: Int
  private let droppedBytesMaximum: Int

  /// The request being served.
  private var exchange: HTTP1Exchange?
  /// Parsed parts that wait for the present exchange to end.
  private var waiting = Deque<HTTPServerRequestPart>()
  private var nextID: Int32 = 1
  private var unreadBytes = 0
  private var droppedBytes = 0
  private var isPaused = false
  /// Whether no further request is served.
  private var isEnding = false
  /// Bytes that belong to no stream: an interim answer, or the refusal of a request that is not HTTP.
  private var urgent: [UInt8] = []

  init(windowBytes: Int, droppedBytesMaximum: Int, delegate: any HTTP1SessionDelegate) {
    self.windowBytes = windowBytes
    self.droppedBytesMaximum = droppedBytesMaximum
    self.delegate = delegate
  }

  /// Whether a request is being served.
  var isServing: Bool { exchange != nil }

  // MARK: Requests

  /// Processes a part of a request from the parser.
  func receive(_ part: HTTPServerRequestPart) {
    guard !isEnding || exchange?.isRequestComplete == false else { return }
    waiting.append(part)
    process()
    pauseOrResume()
  }

  private func process() {
    while let part = waiting.first {
      switch part {
      case .head(let head):
        guard exchange == nil, !isEnding else { return }
        waiting.removeFirst()
        begin(head)
      case .body(let buffer):
        waiting.removeFirst()
        receiveBody(buffer)
      case .end:
        waiting.removeFirst()
        endRequest()
      }
    }
  }

  private func begin(_ head: HTTPRequestHead) {
    guard let request = HTTP1RequestHead(head) else { return refuse(400) }
    guard let stream = delegate?.session(self, openStream: nextID) else { return }
    insert(stream, id: nextID)
    nextID = nextID == .max ? 1 : nextID + 1
    exchange = HTTP1Exchange(stream, keepsAlive: request.keepsAlive && !isEnding, isHTTP10: request.isHTTP10)
    droppedBytes = 0
    stream.didBeginHeaders()
    request.forEachField { name, value in
      stream.headerListBytes += name.count + value.count + 32
      stream.didReceiveHeader(name, value)
    }
    if request.expectsContinue { urgent += Array("HTTP/1.1 100 Continue\r\n\r\n".utf8) }
    stream.didReceiveHeaders(endStream: false)
  }

  private func receiveBody(_ buffer: ByteBuffer) {
    guard let exchange, exchange.stream.isOpen else {
      droppedBytes += buffer.readableBytes
      if droppedBytes > droppedBytesMaximum { isEnding = true }
      return
    }
    unreadBytes += buffer.readableBytes
    buffer.withUnsafeReadableBytes { exchange.stream.didReceiveData($0) }
  }

  private func endRequest() {
    guard exchange != nil else { return }
    exchange?.isRequestComplete = true
    if let stream = exchange?.stream, stream.isOpen { stream.didReceiveEnd() }
    finishExchange()
  }

  override func returnCredit(stream: HTTPStream, bytes: Int) {
    guard exchange?.stream === stream else { return }
    unreadBytes -= bytes
    pauseOrResume()
  }

  private func pauseOrResume() {
    let isFull = unreadBytes > windowBytes || !waiting.isEmpty
    guard isFull != isPaused else { return }
    isPaused = isFull
    delegate?.session(self, pausesReading: isFull)
  }

  /// Ends the session with a plain answer, because what the client sent is not a request.
  func refuse(_ status: Int) {
    waiting.removeAll()
    guard !isEnding else { return }
    isEnding = true
    guard exchange == nil else { return }
    let line = "HTTP/1.1 \(status) \(HTTP1Exchange.reason(status))\r\n"
    urgent += Array((line + "content-length: 0\r\nconnection: close\r\n\r\n").utf8)
  }

  /// Serves the present request as the last one.
  func beginDrain() {
    isEnding = true
    exchange?.keepsAlive = false
  }

  // MARK: Answers

  override func submitResponse(_ stream: HTTPStream, headers: HeaderBlock, endStream: Bool) {
    guard stream.isOpen, exchange?.stream === stream else { return }
    exchange?.submit(headers, endStream: endStream)
  }

  override func reset(_ stream: HTTPStream, _ code: HTTP2ErrorCode) {
    guard stream.isOpen else { return }
    // Only the end of the connection tells the client that the answer is incomplete.
    isEnding = true
    if exchange?.stream === stream { exchange = nil }
    forget(stream)
    stream.didClose(code)
  }

  override func terminate(_ code: HTTP2ErrorCode) {
    isEnding = true
    waiting.removeAll()
    for stream in streams { reset(stream, code) }
  }

  /// How many requests that were sent ahead are answered before other connections have their turn.
  private static let exchangesAtOnce = 16

  /// Whether requests wait that the session did not get to.
  private(set) var wantsTurn = false

  override func drain(into output: inout ByteBuffer, upTo bytesMaximum: Int) throws(HTTP2SessionError) {
    var answered = 0
    wantsTurn = false
    while output.readableBytes < bytesMaximum {
      if answered == Self.exchangesAtOnce {
        wantsTurn = true
        return
      }
      answered += 1
      if !urgent.isEmpty {
        output.writeBytes(urgent)
        urgent = []
      }
      guard exchange != nil, exchange?.write(into: &output, upTo: bytesMaximum) == true else { break }
      finishExchange()
    }
  }

  /// Ends the exchange when its request and its answer are complete, and begins the next.
  private func finishExchange() {
    guard let ended = exchange, ended.isAnswerComplete else { return }
    if ended.stream.isOpen {
      forget(ended.stream)
      ended.stream.didClose(.noError)
      unreadBytes = 0
    }
    if !ended.keepsAlive { isEnding = true }
    guard ended.isRequestComplete || isEnding else { return }
    exchange = nil
    process()
    pauseOrResume()
  }

  /// Whether the last answer is written, so that the socket may be closed.
  override var isFinished: Bool { isEnding && exchange == nil && urgent.isEmpty }

  override func close(_ code: HTTP2ErrorCode) {
    delegate = nil
    exchange = nil
    waiting.removeAll()
    super.close(code)
  }
}
