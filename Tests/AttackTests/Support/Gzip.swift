import CZlib

/// Small messages that decompress to huge ones.
enum Gzip {
  /// Compresses `count` zeros to a thousandth.
  static func zeros(_ count: Int) -> [UInt8] {
    var stream = z_stream()
    // 16 more than the largest window selects gzip's header.
    let result = deflateInit2_(
      &stream,
      Z_BEST_COMPRESSION,
      Z_DEFLATED,
      15 + 16,
      8,
      Z_DEFAULT_STRATEGY,
      ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size)
    )
    precondition(result == Z_OK, "zlib could not allocate")
    defer { deflateEnd(&stream) }
    var packed: [UInt8] = []
    var zeros = [UInt8](repeating: 0, count: 1 << 20)
    var output = [UInt8](repeating: 0, count: 1 << 16)
    var rest = count
    var isComplete = false
    while !isComplete {
      let piece = min(rest, zeros.count)
      rest -= piece
      zeros.withUnsafeMutableBufferPointer { zeros in
        output.withUnsafeMutableBufferPointer { output in
          stream.next_in = zeros.baseAddress
          stream.avail_in = UInt32(piece)
          repeat {
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            isComplete = deflate(&stream, rest == 0 ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END
            packed.append(contentsOf: output[..<(output.count - Int(stream.avail_out))])
          } while stream.avail_out == 0
        }
      }
    }
    return packed
  }
}
