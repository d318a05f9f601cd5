import NIOCore
import NIOEmbedded

@testable import RPC

/// The other end of a connection whose handler runs on an embedded event loop: no sockets, and the test controls the
/// time.
final class EmbeddedPeer: HTTP2SessionDelegate {
  struct GoAway: Equatable {
    var code: HTTP2ErrorCode
    var text: String
  }

  let loop: EmbeddedEventLoop
  let channel: EmbeddedChannel
  private(set) var session: HTTP2Session!
  /// Every received byte.
  private(set) var received: [UInt8] = []
  private(set) var pings = 0
  private(set) var goAways: [GoAway] = []
  private(set) var streams: [HTTPStream] = []

  init(_ role: HTTP2Session.Role, of handler: any ChannelHandler, on loop: EmbeddedEventLoop) throws {
    self.loop = loop
    channel = EmbeddedChannel(loop: loop)
    session = HTTP2Session(role: role, settings: HTTP2Settings(), delegate: self)
    try channel.pipeline.syncOperations.addHandler(handler)
    channel.connect(to: try SocketAddress(unixDomainSocketPath: "/peer"), promise: nil)
    try exchange()
  }

  /// Closes the connection.
  func close() {
    channel.close(promise: nil)
    loop.run()
    session.close(.cancel)
  }

  /// Moves bytes in both directions until there are none.
  func exchange() throws {
    var isQuiet = false
    while !isQuiet {
      isQuiet = true
      loop.run()
      while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
        isQuiet = false
        received += Array(buffer: bytes)
        try bytes.withUnsafeReadableBytes { bytes throws(HTTP2SessionError) in try session.receive(bytes) }
      }
      while channel.isActive, let bytes = try session.drain(upTo: 1 << 16) {
        isQuiet = false
        try channel.writeInbound(ByteBuffer(buffer: bytes))
      }
    }
  }

  /// Advances the time second by second. A peer that is not `alive` reads and writes nothing.
  func pass(_ seconds: Int64, alive: Bool = true) throws {
    for _ in 0..<seconds {
      loop.advanceTime(by: .seconds(1))
      if alive { try exchange() }
    }
  }

  func session(_ session: HTTP2Session, openStream id: Int32) -> HTTPStream? {
    streams.append(HTTPStream())
    return streams.last
  }

  func session(_ session: HTTP2Session, didReceivePing payload: UInt64, isAcknowledgement: Bool) {
    if !isAcknowledgement { pings += 1 }
  }

  func session(
    _ session: HTTP2Session,
    didReceiveGoAway code: HTTP2ErrorCode,
    lastStreamID: Int32,
    debugData: [UInt8]
  ) {
    goAways.append(GoAway(code: code, text: String(decoding: debugData, as: UTF8.self)))
  }
}
