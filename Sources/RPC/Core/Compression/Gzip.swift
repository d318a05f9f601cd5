import NIOPosix

/// Compresses and decompresses messages with one coder a thread, because creating a coder costs more than using it.
///
/// No suspension happens while a coder is used.
enum Gzip {
  private final class Coders {
    lazy var inflater = GzipInflater()
    lazy var deflater = GzipDeflater()
  }

  private nonisolated(unsafe) static let coders = ThreadSpecificVariable<Coders>()

  private static var current: Coders {
    if let current = coders.currentValue { return current }
    let current = Coders()
    coders.currentValue = current
    return current
  }

  /// Decompresses a message.
  static func unpack(_ bytes: [UInt8], upTo bytesMaximum: Int) throws(RPCError) -> [UInt8] {
    do throws(GzipInflater.Failure) {
      return try current.inflater.inflate(bytes, upTo: bytesMaximum)
    } catch {
      throw error.error(limit: bytesMaximum)
    }
  }

  /// Compresses the frame of a message. Returns nil when it is smaller than `bytesMinimum` or would not become smaller.
  static func pack(_ frame: UnsafeRawBufferPointer, bytesMinimum: Int) -> [UInt8]? {
    guard frame.count - FrameHeader.length >= bytesMinimum else { return nil }
    return current.deflater.frame(frame)
  }
}

extension Gzip {
  /// Compresses a whole body. Returns nil when it would not become smaller.
  static func packWhole(_ body: [UInt8]) -> [UInt8]? {
    let frame = [UInt8](repeating: 0, count: FrameHeader.length) + body
    return frame.withUnsafeBytes { pack($0, bytesMinimum: 0) }.map { Array($0.dropFirst(FrameHeader.length)) }
  }
}
