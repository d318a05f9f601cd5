import CNGHTTP2
import NIOCore
import NIOPosix
import Synchronization
import TestAPI

/// A server that a test controls frame by frame, valid or not.
final class ScriptedPeer: Sendable {
  private let listener: any NIOCore.Channel
  private let accepted: AsyncStream<ScriptedConnection>
  let address: SocketAddress

  /// The address in the form of an authority.
  var authority: String { "\(address.ipAddress ?? ""):\(port)" }
  var target: String { "ipv4:\(authority)" }
  var port: Int { address.port ?? 0 }

  /// Listens on a free port of a loopback address that no other test uses, because a client that keeps trying to reach
  /// a closed address must not find another test there.
  convenience init() async throws {
    let host = "127.\(Int.random(in: 1...254)).\(Int.random(in: 0...255)).\(Int.random(in: 1...254))"
    try await self.init(at: SocketAddress(ipAddress: host, port: 0))
  }

  convenience init(unixSocket path: String) async throws {
    try await self.init(at: SocketAddress(unixDomainSocketPath: path))
  }

  /// Listens at an address, on a free port when it has none.
  init(at address: SocketAddress) async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: ScriptedConnection.self)
    accepted = stream
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let (frames, feed) = AsyncStream.makeStream(of: Frame.self)
          try channel.pipeline.syncOperations.addHandler(FrameParser(feed))
          continuation.yield(ScriptedConnection(channel, frames))
        }
      }
      .bind(to: address)
      .get()
    self.address = listener.localAddress ?? address
  }

  /// Waits for the next connection of a client. Nothing is sent on it yet.
  func accept() async throws -> ScriptedConnection {
    var iterator = accepted.makeAsyncIterator()
    guard let connection = await iterator.next() else { throw Gone() }
    return connection
  }

  /// Waits for the next connection and exchanges SETTINGS.
  func acceptReady(maxConcurrentStreams: UInt32? = nil) async throws -> ScriptedConnection {
    let connection = try await accept()
    connection.send(.settings(maxConcurrentStreams: maxConcurrentStreams), .settingsAcknowledgement)
    return connection
  }

  /// Answers every call on every connection with OK and a text, until the task is cancelled.
  func answering(_ text: String) -> Task<Void, any Error> {
    Task {
      try await withThrowingDiscardingTaskGroup { group in
        while !Task.isCancelled {
          let connection = try await acceptReady()
          group.addTask {
            while let request = try? await connection.request() {
              connection.answer(request.stream, try TestingV1.EchoResponse.bytes(text))
            }
          }
        }
      }
    }
  }

  /// Stops listening. Connections stay open.
  func close() async {
    try? await listener.close()
  }

  struct Gone: Error {}
}

/// One connection of a scripted server.
final class ScriptedConnection: Sendable {
  private let channel: any NIOCore.Channel
  private let frames: AsyncStream<Frame>
  private let passedOver = Mutex<[Frame]>([])

  init(_ channel: any NIOCore.Channel, _ frames: AsyncStream<Frame>) {
    self.channel = channel
    self.frames = frames
  }

  func send(_ frames: Frame...) {
    send(bytes: frames.flatMap(\.bytes))
  }

  func send(bytes: [UInt8]) {
    channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
  }

  /// Closes the socket.
  func close() {
    channel.close(promise: nil)
  }

  /// Stops reading from the socket.
  func stopReading() async throws {
    try await channel.setOption(.autoRead, value: false).get()
  }

  /// Waits for the next frame. Returns nil when the client closed the connection.
  func next() async -> Frame? {
    if let frame = passedOver.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return frame }
    return await receive()
  }

  private func receive() async -> Frame? {
    var iterator = frames.makeAsyncIterator()
    return await iterator.next()
  }

  /// Waits for the next frame of a kind, except acknowledgements. Stores the others.
  func next(_ kind: UInt8, stream: Int32? = nil) async throws -> Frame {
    try await next { frame in
      frame.kind == kind && (stream == nil || frame.stream == stream) && !frame.isAcknowledgement
    }
  }

  private func next(where condition: (Frame) -> Bool) async throws -> Frame {
    let known = passedOver.withLock { frames in frames.firstIndex(where: condition).map { frames.remove(at: $0) } }
    if let known { return known }
    while let frame = await receive() {
      if condition(frame) { return frame }
      passedOver.withLock { $0.append(frame) }
    }
    throw ScriptedPeer.Gone()
  }

  /// Waits until the client has read everything sent so far, and its reaction has arrived.
  func roundTrip() async throws {
    send(Frame(kind: Frame.Kind.ping, payload: [UInt8](repeating: 1, count: 8)))
    _ = try await next { $0.kind == Frame.Kind.ping && $0.isAcknowledgement }
  }

  /// Returns whether a stored frame has this kind.
  func hasPassedOver(_ kind: UInt8, stream: Int32) -> Bool {
    passedOver.withLock { $0.contains { $0.kind == kind && $0.stream == stream } }
  }

  /// Waits for the client's whole request: headers and body.
  func request() async throws -> ScriptedRequest {
    let headers = try await next(Frame.Kind.headers)
    var request = ScriptedRequest(stream: headers.stream, fields: headers.fields)
    var isComplete = headers.endsStream
    while !isComplete {
      let data = try await next(Frame.Kind.data, stream: headers.stream)
      request.body += data.payload
      isComplete = data.endsStream
    }
    return request
  }

  /// Answers a unary call with OK.
  func answer(_ stream: Int32, _ message: [UInt8] = []) {
    send(.responseHeaders(stream), .data(stream, framed(message)), .trailers(stream))
  }
}

struct ScriptedRequest: Sendable {
  var stream: Int32
  var fields: [Frame.Field]
  var body: [UInt8] = []

  subscript(name: String) -> String? {
    fields.first { $0.name == name }?.value
  }

  func values(_ name: String) -> [String] {
    fields.filter { $0.name == name }.map(\.value)
  }
}

/// Adds a frame header to a message.
func framed(_ message: [UInt8], flag: UInt8 = 0) -> [UInt8] {
  [flag] + bigEndian(UInt32(message.count)) + message
}

/// Splits a client's bytes into frames and decodes their headers.
private final class FrameParser: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private static let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8.count

  private let feed: AsyncStream<Frame>.Continuation
  private var buffer = ByteBuffer()
  private var hasSeenPreface = false
  private var inflater: OpaquePointer?

  init(_ feed: AsyncStream<Frame>.Continuation) {
    self.feed = feed
    nghttp2_hd_inflate_new(&inflater)
  }

  deinit { nghttp2_hd_inflate_del(inflater) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    buffer.writeImmutableBuffer(unwrapInboundIn(data))
    if !hasSeenPreface {
      guard buffer.readSlice(length: Self.preface) != nil else { return }
      hasSeenPreface = true
    }
    while let frame = readFrame() { feed.yield(frame) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    feed.finish()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func readFrame() -> Frame? {
    guard let header = buffer.getBytes(at: buffer.readerIndex, length: 9) else { return nil }
    let length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
    guard buffer.readableBytes >= 9 + length else { return nil }
    buffer.moveReaderIndex(forwardBy: 9)
    let stream = header[5..<9].reduce(Int32(0)) { $0 << 8 | Int32($1) }
    let payload = buffer.readBytes(length: length) ?? []
    var frame = Frame(kind: header[3], flags: header[4], stream: stream, payload: payload)
    if frame.kind == Frame.Kind.headers { frame.fields = inflate(payload) }
    return frame
  }

  private func inflate(_ block: [UInt8]) -> [Frame.Field] {
    var fields: [Frame.Field] = []
    block.withUnsafeBufferPointer { block in
      var offset = 0
      while true {
        var pair = nghttp2_nv()
        var flags: Int32 = 0
        let taken = nghttp2_hd_inflate_hd2(
          inflater,
          &pair,
          &flags,
          block.baseAddress.map { $0 + offset },
          block.count - offset,
          1
        )
        guard taken >= 0 else { return }
        offset += taken
        if flags & Int32(NGHTTP2_HD_INFLATE_EMIT.rawValue) != 0 {
          fields.append(Frame.Field(name: text(pair.name, pair.namelen), value: text(pair.value, pair.valuelen)))
        }
        if flags & Int32(NGHTTP2_HD_INFLATE_FINAL.rawValue) != 0 {
          nghttp2_hd_inflate_end_headers(inflater)
          return
        }
        if taken == 0, flags & Int32(NGHTTP2_HD_INFLATE_EMIT.rawValue) == 0 { return }
      }
    }
    return fields
  }

  private func text(_ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }
}
