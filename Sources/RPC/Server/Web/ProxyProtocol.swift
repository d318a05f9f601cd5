import NIOCore

/// Reads the header that a proxy sends before everything else of a connection (PROXY protocol version 2, section 2.2), and
/// then leaves the pipeline.
final class ProxyProtocol: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private static let signature: [UInt8] = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]
  private static let fixedBytes = 16
  /// What follows the addresses is at most this long here. The format allows 64 KiB.
  private static let restBytesMaximum = 4096

  private enum Outcome {
    case incomplete
    case malformed
    /// The header's length, and the client's address when it has one.
    case complete(Int, IPAddress?, port: Int)
  }

  private var received = ByteBuffer()
  private let found: (_ address: IPAddress, _ port: Int) -> Void

  /// - Parameter found: Called with the client's address and port.
  init(_ found: @escaping (IPAddress, Int) -> Void) { self.found = found }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    received.writeBuffer(&bytes)
    switch Self.read(received) {
    case .incomplete: return
    case .malformed: context.close(promise: nil)
    case .complete(let length, let address, let port):
      if let address { found(address, port) }
      received.moveReaderIndex(forwardBy: length)
      if received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
  }

  private static func read(_ buffer: ByteBuffer) -> Outcome {
    let bytes = buffer.readableBytesView
    let compared = min(bytes.count, signature.count)
    guard bytes.prefix(compared).elementsEqual(signature.prefix(compared)) else { return .malformed }
    guard bytes.count >= fixedBytes else { return .incomplete }
    let header = Array(bytes.prefix(fixedBytes))
    let length = Int(header[14]) << 8 | Int(header[15])
    // Version 2 with the command LOCAL or PROXY.
    guard header[12] == 0x20 || header[12] == 0x21, length <= restBytesMaximum else { return .malformed }
    guard bytes.count >= fixedBytes + length else { return .incomplete }
    let rest = Array(bytes.dropFirst(fixedBytes).prefix(length))
    // TCP over IPv4 is 0x11, over IPv6 0x21. Of others, and of the proxy's own checks, nothing is known.
    let addressBytes = header[13] == 0x11 ? 4 : header[13] == 0x21 ? 16 : 0
    guard header[12] == 0x21, addressBytes > 0 else { return .complete(fixedBytes + length, nil, port: 0) }
    guard rest.count >= 2 * addressBytes + 4 else { return .malformed }
    let port = Int(rest[2 * addressBytes]) << 8 | Int(rest[2 * addressBytes + 1])
    return .complete(fixedBytes + length, IPAddress(bytes: Array(rest[..<addressBytes])), port: port)
  }
}
