import CZlib

/// Compresses messages with gzip, one after another.
final class GzipDeflater {
  /// zlib's default memory level.
  private static let memoryLevel: Int32 = 8

  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  init() {
    stream.initialize(to: z_stream())
    let result = deflateInit2_(
      stream,
      Z_DEFAULT_COMPRESSION,
      Z_DEFLATED,
      GzipInflater.windowBits,
      Self.memoryLevel,
      Z_DEFAULT_STRATEGY,
      ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size)
    )
    precondition(result == Z_OK, "zlib could not allocate")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Compresses the frame of a message. Returns nil when it would not become smaller.
  func frame(_ frame: UnsafeRawBufferPointer) -> [UInt8]? {
    let messageBytes = frame.count - FrameHeader.length
    guard messageBytes > 1, let available = UInt32(exactly: messageBytes), let start = frame.baseAddress else {
      return nil
    }
    deflateReset(stream)
    let message = (start + FrameHeader.length).assumingMemoryBound(to: UInt8.self)
    stream.pointee.next_in = UnsafeMutablePointer(mutating: message)
    stream.pointee.avail_in = available
    let packed = [UInt8](unsafeUninitializedCapacity: frame.count) { buffer, count in
      stream.pointee.next_out = buffer.baseAddress.map { $0 + FrameHeader.length }
      stream.pointee.avail_out = available - 1
      guard deflate(stream, Z_FINISH) == Z_STREAM_END else { return }
      count = FrameHeader.length + messageBytes - 1 - Int(stream.pointee.avail_out)
      FrameHeader.write(
        to: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]),
        isCompressed: true
      )
    }
    return packed.isEmpty ? nil : packed
  }
}
