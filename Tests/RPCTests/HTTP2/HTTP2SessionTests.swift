import NIOCore
import SeededRandomness
import Testing

@testable import RPC

/// A client's and a server's session connected without a socket.
private final class SessionPair: HTTP2SessionDelegate {
  final class Stream: HTTPStream {
    var events: [String] = []
    var body: [UInt8] = []

    override func didBeginHeaders() { events.append("begin") }
    override func didReceiveHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
      events.append("\(String(decoding: name, as: UTF8.self))=\(String(decoding: value, as: UTF8.self))")
    }
    override func didReceiveHeaders(endStream: Bool) { events.append(endStream ? "headers end" : "headers") }
    override func didReceiveData(_ bytes: UnsafeRawBufferPointer) { body.append(contentsOf: bytes) }
    override func didReceiveEnd() { events.append("end") }
    override func didClose(_ code: HTTP2ErrorCode) { events.append("closed \(code)") }
  }

  private(set) var client: HTTP2Session!
  private(set) var server: HTTP2Session!
  /// The server's streams, oldest first.
  private(set) var accepted: [Stream] = []
  var refuses = false
  var goAways: [Int32] = []
  var pings: [UInt64] = []

  init(_ settings: HTTP2Settings = HTTP2Settings()) {
    client = HTTP2Session(role: .client, settings: settings, delegate: self)
    server = HTTP2Session(role: .server, settings: settings, delegate: self)
  }

  deinit {
    client.close(.cancel)
    server.close(.cancel)
  }

  func session(_ session: HTTP2Session, openStream id: Int32) -> HTTPStream? {
    guard !refuses else { return nil }
    accepted.append(Stream())
    return accepted.last
  }

  func session(_ session: HTTP2Session, didReceivePing payload: UInt64, isAcknowledgement: Bool) {
    if isAcknowledgement { pings.append(payload) }
  }

  func session(
    _ session: HTTP2Session,
    didReceiveGoAway code: HTTP2ErrorCode,
    lastStreamID: Int32,
    debugData: [UInt8]
  ) {
    goAways.append(lastStreamID)
  }

  /// Moves bytes in both directions until there are none.
  func exchange() throws {
    while true {
      let toServer = try client.drain(upTo: 1 << 20)
      let toClient = try server.drain(upTo: 1 << 20)
      if toServer == nil, toClient == nil { return }
      if let toServer { try toServer.withUnsafeReadableBytes { try server.receive($0) } }
      if let toClient { try toClient.withUnsafeReadableBytes { try client.receive($0) } }
    }
  }

  static let requestHeaders = HeaderBlock(literally: [
    (":method", "POST"), (":scheme", "http"), (":path", "/a/b"), (":authority", "x"),
  ])
  static let responseHeaders = HeaderBlock(StaticHeaders(StaticHeaders.Field(":status", "200")))

  func request(_ body: [UInt8] = [], endStream: Bool = true) throws -> Stream {
    let stream = Stream()
    try client.submitRequest(stream, headers: Self.requestHeaders)
    if !body.isEmpty { client.send(body, on: stream) }
    if endStream { client.finish(stream, endingWith: .endStream) }
    return stream
  }
}

@Suite("HTTP/2 sessions, without sockets")
struct HTTP2SessionTests {
  @Test(
    "An answer or an end that nghttp2 does not send, since it is too large, resets its stream",
    arguments: [true, false]
  )
  func unsendable(inTrailers: Bool) throws {
    let pair = SessionPair()
    let request = try pair.request()
    try pair.exchange()
    let large = HeaderBlock(literally: [(":status", "200"), ("x", String(repeating: "x", count: 70_000))])
    let trailers = HeaderBlock(literally: [("x", String(repeating: "x", count: 70_000))])
    pair.server.submitResponse(
      pair.accepted[0],
      headers: inTrailers ? SessionPair.responseHeaders : large,
      endStream: false
    )
    pair.server.send([1], on: pair.accepted[0])
    pair.server.finish(pair.accepted[0], endingWith: .trailers(inTrailers ? trailers : HeaderBlock()))
    try pair.exchange()
    #expect(request.events.last == "closed INTERNAL_ERROR")
  }

  @Test("A request with a body and an answer with trailers")
  func exchange() throws {
    let pair = SessionPair()
    let request = try pair.request([1, 2, 3])
    try pair.exchange()
    let served = try #require(pair.accepted.first)
    #expect(
      served.events == ["begin", ":method=POST", ":scheme=http", ":path=/a/b", ":authority=x", "headers", "end"]
    )
    #expect(served.body == [1, 2, 3])
    pair.server.submitResponse(served, headers: SessionPair.responseHeaders, endStream: false)
    pair.server.send([4, 5], on: served)
    pair.server.finish(served, endingWith: .trailers(HeaderBlock(literally: [("grpc-status", "0")])))
    try pair.exchange()
    #expect(
      request.events
        == ["begin", ":status=200", "headers", "begin", "grpc-status=0", "headers end", "closed NO_ERROR"]
    )
    #expect(request.body == [4, 5])
    #expect(served.events.last == "closed NO_ERROR")
    #expect(pair.client.streams.isEmpty && pair.server.streams.isEmpty)
  }

  @Test("An answer of headers alone ends the stream")
  func trailersOnly() throws {
    let pair = SessionPair()
    let request = try pair.request([1])
    try pair.exchange()
    pair.server.submitResponse(pair.accepted[0], headers: SessionPair.responseHeaders, endStream: true)
    try pair.exchange()
    #expect(request.events == ["begin", ":status=200", "headers end", "closed NO_ERROR"])
  }

  @Test("An answer that ends before the request resets the stream with NO_ERROR after the trailers")
  func earlyTrailers() throws {
    let pair = SessionPair()
    let request = try pair.request([1], endStream: false)
    try pair.exchange()
    pair.server.submitResponse(pair.accepted[0], headers: SessionPair.responseHeaders, endStream: true)
    try pair.exchange()
    #expect(request.events == ["begin", ":status=200", "headers end", "closed NO_ERROR"])
    #expect(pair.accepted[0].events.last == "closed NO_ERROR")
  }

  @Test("More than a window waits until credit is returned")
  func flowControl() throws {
    var settings = HTTP2Settings()
    settings.streamWindowBytes = 65_535
    let pair = SessionPair(settings)
    _ = try pair.request([UInt8](repeating: 7, count: 100_000))
    try pair.exchange()
    let served = pair.accepted[0]
    #expect(served.body.count == 65_535)
    pair.server.returnCredit(stream: served, bytes: 65_535)
    try pair.exchange()
    #expect(served.body.count == 100_000)
    #expect(served.events.last == "end")
  }

  @Test("The connection's credit returns before the bytes are read")
  func connectionCredit() throws {
    var settings = HTTP2Settings()
    settings.streamWindowBytes = 65_535
    settings.connectionWindowBytes = 65_535
    let pair = SessionPair(settings)
    for _ in 0..<4 { _ = try pair.request([UInt8](repeating: 7, count: 60_000)) }
    try pair.exchange()
    #expect(pair.accepted.map(\.body.count) == [60_000, 60_000, 60_000, 60_000])
  }

  @Test("A refused stream was not processed")
  func refused() throws {
    let pair = SessionPair()
    pair.refuses = true
    let request = try pair.request([1])
    try pair.exchange()
    #expect(request.events == ["closed REFUSED_STREAM"])
  }

  @Test("Requests over the peer's limit wait for a stream to end")
  func concurrency() throws {
    var settings = HTTP2Settings()
    settings.concurrentStreamsMaximum = 2
    let pair = SessionPair(settings)
    try pair.exchange()
    for _ in 0..<3 { _ = try pair.request() }
    try pair.exchange()
    #expect(pair.accepted.count == 2)
    pair.server.submitResponse(pair.accepted[0], headers: SessionPair.responseHeaders, endStream: true)
    try pair.exchange()
    #expect(pair.accepted.count == 3)
  }

  @Test("A request after GOAWAY was never sent, and says so")
  func neverSent() throws {
    let pair = SessionPair()
    try pair.exchange()
    pair.server.goAway(.noError)
    try pair.exchange()
    #expect(pair.goAways == [0])
    let request = Result { try pair.request() }
    try pair.exchange()
    if case .success(let stream) = request { #expect(stream.events == ["closed REFUSED_STREAM"]) }
  }

  @Test("A graceful end: a GOAWAY that allows every stream, then one that names the last")
  func gracefulEnd() throws {
    let pair = SessionPair()
    _ = try pair.request()
    try pair.exchange()
    pair.server.announceGoAway()
    pair.server.ping(42)
    try pair.exchange()
    #expect(pair.pings == [42])
    pair.server.goAway(.noError)
    try pair.exchange()
    #expect(pair.goAways == [Int32.max, 1])
    #expect(!pair.server.isFinished)
    pair.server.submitResponse(pair.accepted[0], headers: SessionPair.responseHeaders, endStream: true)
    try pair.exchange()
    #expect(pair.server.isFinished)
  }

  @Test("Bytes that are no HTTP/2 end the session")
  func garbage() {
    let pair = SessionPair()
    #expect(throws: HTTP2SessionError.self) {
      try Array("GET / HTTP/1.1\r\n\r\n".utf8).withUnsafeBytes { try pair.server.receive($0) }
    }
  }

  @Test("Random bytes after the preface never crash", arguments: SeededRandom.several)
  func randomBytes(_ random: SeededRandom) {
    var random = random
    let pair = SessionPair()
    let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
    let noise = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) }
    _ = try? (preface + noise).withUnsafeBytes { try pair.server.receive($0) }
    _ = try? pair.server.drain(upTo: 1 << 20)
  }

  @Test("A lost connection closes every stream once")
  func lost() throws {
    let pair = SessionPair()
    let request = try pair.request(endStream: false)
    try pair.exchange()
    pair.client.close(.cancel)
    pair.client.close(.cancel)
    #expect(request.events == ["closed CANCEL"])
    #expect(!request.isOpen)
  }

  @Test("Bytes leave a queue in order and in any pieces", arguments: SeededRandom.several)
  func byteQueue(_ random: SeededRandom) {
    var random = random
    var queue = ByteQueue()
    var expected: [UInt8] = []
    var read: [UInt8] = []
    for step in 0..<200 {
      let piece = [UInt8](repeating: UInt8(truncatingIfNeeded: step), count: .random(in: 0...3000, using: &random))
      expected += piece
      queue.append(piece)
      let count = Int.random(in: 0...3200, using: &random)
      read += [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        initialized = queue.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
    }
    #expect(queue.count == expected.count - read.count)
    #expect(Array(expected.prefix(read.count)) == read)
  }
}
