import Messages
import NIOPosix

/// Encodes and decodes messages on the thread of the calling task.
enum ClientCodec {
  /// Scratch memory of each calling thread. No suspension happens while it is used.
  private nonisolated(unsafe) static let arenas = ThreadSpecificVariable<Arena>()

  private static var arena: Arena {
    if let arena = arenas.currentValue { return arena }
    let arena = Arena()
    arenas.currentValue = arena
    return arena
  }

  /// Encodes a message with its frame header.
  ///
  /// - Parameters:
  ///   - bytesMaximum: The greatest size of the message before compression.
  ///   - gzipBytesMinimum: The smallest size worth compressing. Nil does not compress.
  static func frame<Request: Message>(
    _ message: Request,
    bytesMaximum: Int,
    gzipBytesMinimum: Int?
  ) throws(RPCError) -> [UInt8] {
    let arena = arena
    defer { arena.reset() }
    do {
      let bytes = try message.serialize(in: arena, prefix: FrameHeader.length)
      if bytes.count - FrameHeader.length <= bytesMaximum {
        if let gzipBytesMinimum, let packed = Gzip.pack(UnsafeRawBufferPointer(bytes), bytesMinimum: gzipBytesMinimum) {
          return packed
        }
        FrameHeader.write(to: bytes)
        return Array(bytes)
      }
    } catch {
      throw RPCError(.internalError, .malformedMessage, "the request cannot be encoded", cause: error)
    }
    throw RPCError(
      .resourceExhausted,
      .messageTooLarge,
      "the request is larger than the limit of \(bytesMaximum) bytes",
      info: ["limit_bytes": "\(bytesMaximum)"]
    )
  }

  /// - Parameter bytesMaximum: The greatest size of the decompressed message.
  static func decode<Response: Message>(
    _ type: Response.Type,
    _ message: FrameReader.Message,
    bytesMaximum: Int
  ) throws(RPCError) -> Response {
    let bytes = message.isCompressed ? try Gzip.unpack(message.bytes, upTo: bytesMaximum) : message.bytes
    let arena = arena
    defer { arena.reset() }
    do {
      return try bytes.withUnsafeBytes { bytes throws(MessageError) in
        try Response(serializedBytes: bytes, arena: arena)
      }
    } catch {
      throw RPCError(.internalError, .malformedMessage, "the response cannot be decoded: \(error)", cause: error)
    }
  }
}
