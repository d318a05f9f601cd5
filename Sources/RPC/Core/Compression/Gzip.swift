import NIOPosix

/// Packs and unpacks messages with coders that each thread keeps: making one costs more than using it.
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

  /// The message packed in `bytes`.
  static func unpack(_ bytes: [UInt8], upTo bytesMaximum: Int) throws(RPCError) -> [UInt8] {
    do throws(GzipInflater.Failure) {
      return try current.inflater.inflate(bytes, upTo: bytesMaximum)
    } catch {
      throw error.error(limit: bytesMaximum)
    }
  }

  /// The frame of a message, packed; nil when it is smaller than worthwhile or would not get smaller.
  static func pack(_ frame: UnsafeRawBufferPointer, bytesMinimum: Int) -> [UInt8]? {
    guard frame.count - FrameHeader.length >= bytesMinimum else { return nil }
    return current.deflater.frame(frame)
  }
}
