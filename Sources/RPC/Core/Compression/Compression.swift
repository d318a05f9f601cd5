/// The compression of a message on the wire (`grpc-encoding`; grpc/grpc doc/compression.md).
///
/// Received messages may use any of these, message by message, whatever is used for sending.
public enum Compression: Sendable, Hashable {
  /// No compression.
  case identity
  /// gzip (RFC 1952).
  case gzip
}

extension Compression {
  /// The field that announces ``gzip`` for the messages of one direction.
  static let gzipField = StaticHeaders.Field("grpc-encoding", "gzip")
}

/// Which messages a server or a channel compresses before sending. Receiving needs no setting: both always accept gzip.
public struct CompressionConfiguration: Sendable, Hashable {
  /// The compression of calls that do not choose. Default ``Compression/identity``: between services behind one network
  /// the saved bytes cost more than they are worth, and compressing a secret together with an attacker's text reveals
  /// it by its length (CRIME).
  public var sending = Compression.identity

  /// The smallest message to compress, in bytes. Default 1 KiB: about what fits one packet anyway.
  public var bytesMinimum = 1 << 10

  /// No compression.
  public static let defaults = CompressionConfiguration()

  /// Makes a configuration with the defaults.
  public init() {}
}

/// The field that announces which compression one side accepts (grpc/grpc doc/PROTOCOL-HTTP2.md,
/// "Message-Accept-Encoding").
enum AcceptEncoding {
  /// The compressions that this library accepts.
  static let field = StaticHeaders.Field("grpc-accept-encoding", "identity,gzip")

  /// Whether a peer's list, separated by commas and optional blanks, contains gzip.
  static func namesGzip(_ list: UnsafeRawBufferPointer) -> Bool {
    var start = list.startIndex
    while start < list.endIndex {
      let end = list[start...].firstIndex(of: UInt8(ascii: ",")) ?? list.endIndex
      if trimmed(UnsafeRawBufferPointer(rebasing: list[start..<end])).equals("gzip") { return true }
      start = end + 1
    }
    return false
  }

  private static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
    else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: text[first...last])
  }
}
