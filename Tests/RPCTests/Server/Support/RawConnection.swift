import NIOCore
import NIOPosix
import Synchronization

@testable import RPC

/// A socket on which a test writes arbitrary bytes and reads frames.
final class RawConnection: Sendable {
  struct Frame: Sendable, Equatable {
    var type: UInt8
    var flags: UInt8
    var streamID: UInt32
    var payload: [UInt8]

    static let headers: UInt8 = 1
    static let reset: UInt8 = 3
    static let settings: UInt8 = 4
    static let ping: UInt8 = 6
    static let goAway: UInt8 = 7
  }

  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  private let channel: any NIOCore.Channel
  private let collector: NIOLoopBound<Collector>

  private init(channel: any NIOCore.Channel, collector: NIOLoopBound<Collector>) {
    self.channel = channel
    self.collector = collector
  }

  static func connect(to address: ListenAddress) async throws -> RawConnection {
    guard case .tcp(let host, let port) = address else { throw ChannelError.operationUnsupported }
    let made = Mutex<NIOLoopBound<Collector>?>(nil)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let collector = Collector()
          made.withLock { $0 = NIOLoopBound(collector, eventLoop: channel.eventLoop) }
          try channel.pipeline.syncOperations.addHandler(collector)
        }
      }
      .connect(host: host, port: port).get()
    guard let collector = made.withLock({ $0 }) else { throw ChannelError.inappropriateOperationForState }
    return RawConnection(channel: channel, collector: collector)
  }

  /// Connects and exchanges SETTINGS.
  static func open(to address: ListenAddress) async throws -> RawConnection {
    let connection = try await connect(to: address)
    try await connection.send(preface + frame(Frame.settings))
    return connection
  }

  static func frame(_ type: UInt8, flags: UInt8 = 0, streamID: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
    var bytes = ByteBuffer()
    bytes.writeInteger(UInt8(payload.count >> 16))
    bytes.writeInteger(UInt16(payload.count & 0xffff))
    bytes.writeMultipleIntegers(type, flags, streamID)
    bytes.writeBytes(payload)
    return Array(buffer: bytes)
  }

  /// A header block without compression or indexing.
  static func headerBlock(_ fields: [(String, String)]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (name, value) in fields {
      bytes += [0x00, UInt8(name.utf8.count)]
      bytes += Array(name.utf8)
      bytes.append(UInt8(value.utf8.count))
      bytes += Array(value.utf8)
    }
    return bytes
  }

  func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

  /// Waits until the server has closed the connection.
  func waitUntilClosed() async throws { try await channel.closeFuture.get() }

  /// Waits for the next frame of one of these types. Throws when the connection ends before.
  func next(_ types: UInt8...) async throws -> Frame {
    try await channel.eventLoop.flatSubmit { [collector, channel] in
      let promise = channel.eventLoop.makePromise(of: Frame.self)
      collector.value.wait(types, promise)
      return promise.futureResult
    }.get()
  }

  func close() async { try? await channel.close() }

  private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var buffer = ByteBuffer()
    private var frames: [Frame] = []
    private var waiting: (types: [UInt8], promise: EventLoopPromise<Frame>)?
    private var isClosed = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      var bytes = unwrapInboundIn(data)
      buffer.writeBuffer(&bytes)
      while let frame = parse() { frames.append(frame) }
      serve()
    }

    func channelInactive(context: ChannelHandlerContext) {
      isClosed = true
      serve()
    }

    func wait(_ types: [UInt8], _ promise: EventLoopPromise<Frame>) {
      waiting = (types, promise)
      serve()
    }

    private func serve() {
      guard let (types, promise) = waiting else { return }
      if let index = frames.firstIndex(where: { types.contains($0.type) }) {
        waiting = nil
        promise.succeed(frames[index])
        frames.removeSubrange(...index)
      } else if isClosed {
        waiting = nil
        promise.fail(ChannelError.eof)
      }
    }

    private func parse() -> Frame? {
      let start = buffer.readerIndex
      guard let high = buffer.getInteger(at: start, as: UInt16.self),
        let low = buffer.getInteger(at: start + 2, as: UInt8.self),
        buffer.readableBytes >= 9 + (Int(high) << 8 | Int(low))
      else { return nil }
      let length = Int(high) << 8 | Int(low)
      buffer.moveReaderIndex(forwardBy: 3)
      return buffer.readMultipleIntegers(as: (UInt8, UInt8, UInt32).self).flatMap { type, flags, streamID in
        buffer.readBytes(length: length).map { Frame(type: type, flags: flags, streamID: streamID, payload: $0) }
      }
    }
  }
}
