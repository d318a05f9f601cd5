internal import CZlib

/// Unpacks gzip, one message after the other, and never makes more of one than it may have.
final class GzipInflater {
  enum Failure: Error, Hashable {
    /// Not gzip, damaged, or cut short.
    case malformed
    /// The message would be larger than the limit.
    case tooLarge
  }

  /// zlib's numbers: the largest window, and 16 more for gzip's header and checksum.
  static let windowBits: Int32 = 15 + 16
  private static let chunkBytes = 16 << 10

  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: chunkBytes)

  init() {
    stream.initialize(to: z_stream())
    let result = inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(result == Z_OK, "zlib could not allocate")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    chunk.deallocate()
  }

  /// The message packed in `bytes`. The size is checked as it grows, so a small message that unpacks to a huge one costs
  /// no more memory than the limit.
  func inflate(_ bytes: [UInt8], upTo bytesMaximum: Int) throws(Failure) -> [UInt8] {
    guard let count = UInt32(exactly: bytes.count) else { throw .tooLarge }
    inflateReset(stream)
    return try bytes.withUnsafeBufferPointer { bytes throws(Failure) in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
      stream.pointee.avail_in = count
      return try inflateAll(upTo: bytesMaximum)
    }
  }

  private func inflateAll(upTo bytesMaximum: Int) throws(Failure) -> [UInt8] {
    var message: [UInt8] = []
    while true {
      stream.pointee.next_out = chunk.baseAddress
      stream.pointee.avail_out = UInt32(chunk.count)
      let result = CZlib.inflate(stream, Z_NO_FLUSH)
      guard result == Z_OK || result == Z_STREAM_END else { throw .malformed }
      let made = chunk.count - Int(stream.pointee.avail_out)
      guard message.count + made <= bytesMaximum else { throw .tooLarge }
      message.append(contentsOf: chunk[..<made])
      guard result == Z_STREAM_END else { continue }
      if stream.pointee.avail_in == 0 { return message }
      // gzip may consist of several members, one after the other (RFC 1952 section 2.2).
      inflateReset(stream)
    }
  }
}

extension GzipInflater.Failure {
  /// The status this failure ends the call with.
  func error(limit: Int) -> RPCError {
    switch self {
    case .malformed:
      RPCError(.internalError, .malformedMessage, "received a compressed message that is not gzip")
    case .tooLarge:
      RPCError(
        .resourceExhausted,
        .messageTooLarge,
        "received a compressed message that is larger than the limit of \(limit) bytes",
        info: ["limit_bytes": "\(limit)"]
      )
    }
  }
}
