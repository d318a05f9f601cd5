import Logging
import NIOCore
import NIOHTTP1

// Finds out which version of HTTP a client speaks, and starts it.

extension ServerConnection {
  /// The first bytes of every HTTP/2 connection (RFC 9113 section 3.4), as far as they differ from any HTTP/1.1 request.
  private static let preface = Array("PRI * HTTP/2.0".utf8)

  func startHTTP2() {
    let session = HTTP2Session(role: .server, settings: core.settings, delegate: self)
    self.session = session
    http2 = session
  }

  /// Receives the first bytes.
  func open(_ buffer: ByteBuffer) {
    var bytes = buffer
    if var opening {
      opening.writeBuffer(&bytes)
      bytes = opening
    }
    let compared = min(bytes.readableBytes, Self.preface.count)
    let isPreface = bytes.readableBytesView.prefix(compared).elementsEqual(Self.preface.prefix(compared))
    if isPreface, compared < Self.preface.count {
      opening = bytes
      return
    }
    opening = nil
    if isPreface {
      startHTTP2()
      receive(bytes)
    } else {
      startHTTP1(bytes)
    }
  }

  private func startHTTP1(_ bytes: ByteBuffer) {
    guard let context, let site = core.site else { return }
    let session = HTTP1Session(
      windowBytes: core.limits.streamWindowBytes,
      droppedBytesMaximum: site.configuration.droppedBytesMaximum,
      delegate: self
    )
    self.session = session
    http1 = session
    hasSettings = true
    hasAcknowledgedSettings = true
    let entry = HTTP1Entry()
    do {
      let pipeline = context.pipeline.syncOperations
      try pipeline.addHandler(entry, position: .before(self))
      try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()), position: .before(self))
      try pipeline.addHandler(HTTP1Exit(self), position: .before(self))
      entry.receive(bytes)
    } catch {
      context.close(promise: nil)
    }
  }

  /// Receives a part of a parsed HTTP/1.1 request.
  func receive(_ part: HTTPServerRequestPart) {
    now = loop.now
    isReading = true
    http1?.receive(part)
    startReady()
  }

  /// Handles bytes that are not HTTP/1.1.
  func receiveMalformed(_ error: any Error) {
    core.logger.debug("malformed HTTP/1.1 request", metadata: ["error": "\(error)", "peer": "\(peer.address)"])
    http1?.refuse(Self.status(of: error))
    flush()
  }

  private static func status(of error: any Error) -> Int {
    switch error as? HTTPParserError {
    case .headerOverflow: 431
    case .invalidVersion: 505
    default: 400
    }
  }
}

extension ServerConnection: HTTP1SessionDelegate {
  func session(_ session: HTTP1Session, openStream id: Int32) -> HTTPStream {
    watch()
    idleness?.used()
    servedAt = now
    return ServerStream(connection: self)
  }

  func session(_ session: HTTP1Session, pausesReading isPaused: Bool) {
    guard let context else { return }
    _ = context.channel.setOption(.autoRead, value: !isPaused)
    if !isPaused { context.read() }
  }
}

/// The place before the parser where a connection's first bytes enter.
final class HTTP1Entry: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  private var context: ChannelHandlerContext?

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func receive(_ bytes: ByteBuffer) { context?.fireChannelRead(wrapInboundOut(bytes)) }
}

/// Passes parsed requests from the parser to the connection.
final class HTTP1Exit: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  private let connection: ServerConnection

  init(_ connection: ServerConnection) { self.connection = connection }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { connection.receive(unwrapInboundIn(data)) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if error is HTTPParserError { connection.receiveMalformed(error) } else { context.fireErrorCaught(error) }
  }
}
