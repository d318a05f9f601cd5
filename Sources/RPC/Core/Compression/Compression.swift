/// How a message may be packed on the wire (`grpc-encoding`; grpc/grpc doc/compression.md).
///
/// What is received may be packed in any of these ways, message by message, whatever is chosen for sending.
public enum Compression: Sendable, Hashable {
  /// As it is.
  case identity
  /// gzip (RFC 1952).
  case gzip
}

extension Compression {
  /// The field that announces ``gzip`` for the messages of one direction.
  static let gzipField = StaticHeaders.Field("grpc-encoding", "gzip")
}

/// Which messages a server or a channel packs before it sends them. Receiving needs no setting: both always take gzip.
public struct CompressionConfiguration: Sendable, Hashable {
  /// What a call that does not choose for itself uses. Default ``Compression/identity``: services behind one network
  /// gain less from fewer bytes than the packing costs, and packing a secret together with text of an attacker's
  /// choice reveals it by its length (CRIME).
  public var sending = Compression.identity

  /// The smallest message worth packing, in bytes; smaller ones go as they are. Default 1 KiB: about what fits one
  /// packet anyway.
  public var bytesMinimum = 1 << 10

  /// Sends everything as it is.
  public static let defaults = CompressionConfiguration()

  /// Makes a configuration with the defaults.
  public init() {}
}

/// The field by which one side tells the other which packing it takes (grpc/grpc doc/PROTOCOL-HTTP2.md,
/// "Message-Accept-Encoding").
enum AcceptEncoding {
  /// What this library takes.
  static let field = StaticHeaders.Field("grpc-accept-encoding", "identity,gzip")

  /// Whether a peer's list, separated by commas and perhaps blanks, names gzip.
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
