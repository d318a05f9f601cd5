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
