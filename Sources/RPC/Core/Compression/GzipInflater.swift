import CZlib

/// Decompresses gzip, one message after another, up to a size limit.
final class GzipInflater {
  enum Failure: Error, Hashable {
    /// Not gzip, malformed, or truncated.
    case malformed
    /// The message would be larger than the limit.
    case tooLarge
  }

  /// zlib's parameter: the largest window, plus 16 for gzip's header and checksum.
  static let windowBits: Int32 = 15 + 16
  /// The initial capacity for a message without a size.
  private static let bytesAtFirst = 16 << 10
  /// The greatest compression ratio of deflate: 258 bytes in 2 bits.
  private static let ratioMaximum = 1032

  private enum Progress { case complete, full, malformed }

  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  init() {
    stream.initialize(to: z_stream())
    let result = inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(result == Z_OK, "zlib could not allocate")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Decompresses a message. Checks the size while it grows, so a small message with a huge content costs no more
  /// memory than the limit.
  func inflate(_ bytes: [UInt8], upTo bytesMaximum: Int) throws(Failure) -> [UInt8] {
    guard let count = UInt32(exactly: bytes.count) else { throw .tooLarge }
    inflateReset(stream)
    return try bytes.withUnsafeBufferPointer { bytes throws(Failure) in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
      stream.pointee.avail_in = count
      return try inflateAll(upTo: bytesMaximum, expecting: Self.promisedCount(bytes))
    }
  }

  /// Returns the size in the last four bytes (RFC 1952 section 2.3.1), limited by the greatest ratio of deflate.
  private static func promisedCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let promised = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    return min(promised, bytes.count * ratioMaximum)
  }

  private func inflateAll(upTo bytesMaximum: Int, expecting count: Int) throws(Failure) -> [UInt8] {
    // A byte more than announced, to see the end; a byte more than allowed, to see that there is no end.
    var capacity = min(max(count, 1), bytesMaximum) + 1
    var message: [UInt8] = []
    while true {
      let (longer, progress) = inflate(after: message, capacity: capacity)
      message = longer
      guard message.count <= bytesMaximum else { throw .tooLarge }
      switch progress {
      case .complete: return message
      case .malformed: throw .malformed
      case .full: capacity = min(max(capacity * 2, Self.bytesAtFirst), bytesMaximum + 1)
      }
    }
  }

  /// Decompresses more of the message, up to a capacity.
  private func inflate(after beginning: [UInt8], capacity: Int) -> ([UInt8], Progress) {
    var progress = Progress.full
    let message = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      beginning.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      let rest = UnsafeMutableBufferPointer(rebasing: buffer[beginning.count..<capacity])
      progress = inflate(into: rest)
      count = capacity - Int(stream.pointee.avail_out)
    }
    return (message, progress)
  }

  private func inflate(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Progress {
    stream.pointee.next_out = buffer.baseAddress
    stream.pointee.avail_out = UInt32(buffer.count)
    while stream.pointee.avail_out > 0 {
      let result = CZlib.inflate(stream, Z_NO_FLUSH)
      guard result == Z_OK || result == Z_STREAM_END else { return .malformed }
      guard result == Z_STREAM_END else { continue }
      if stream.pointee.avail_in == 0 { return .complete }
      // gzip may consist of several members, one after another (RFC 1952 section 2.2).
      inflateReset(stream)
    }
    return .full
  }
}

extension GzipInflater.Failure {
  /// Makes the error that ends the call.
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
