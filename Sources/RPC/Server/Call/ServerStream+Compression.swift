// Compresses and decompresses a call's messages (rpc.md row 9).

extension ServerStream {
  /// Decompresses a request message. This happens when the handler takes the message, so what is queued is no larger
  /// than what the client sent.
  func unpack(_ bytes: [UInt8]) throws(RPCError) -> [UInt8] {
    guard requestEncoding == .gzip else {
      throw RPCError(.internalError, .malformedMessage, "received a compressed message without grpc-encoding")
    }
    let limit = method?.requestBytesMaximum ?? 0
    // A message that is too large costs as much as the largest that is not.
    var count = limit
    defer {
      connection.loop.unpacking.unpacked(bytes: count, now: connection.loop.now)
      connection.state.unpacked(bytes: count)
    }
    let message = try Gzip.unpack(bytes, upTo: limit)
    count = message.count
    return message
  }

  /// Whether the next message must be decompressed later, because this thread has decompressed enough for now. A call
  /// with one request message is started later as a whole.
  var mustPauseUnpacking: Bool {
    guard let kind = method?.method.descriptor.kind, kind.clientStreams, inbound?.isNextCompressed == true else {
      return false
    }
    guard connection.loop.unpacking.isPausing(connection.loop.now) else { return false }
    if !isUnpackingLater {
      isUnpackingLater = true
      connection.afterOthers {
        self.isUnpackingLater = false
        self.wakeReader()
      }
    }
    return true
  }

  /// The handler's choice, or else the server's.
  var chosenEncoding: Compression { context.compression ?? connection.core.compression.sending }

  /// Compresses the frame of a response message. Returns nil when it must stay as it is: it is small, it would not
  /// become smaller, or the handler has turned compression off since the headers announced it.
  func pack(_ frame: UnsafeRawBufferPointer) -> [UInt8]? {
    guard chosenEncoding == .gzip else { return nil }
    return Gzip.pack(frame, bytesMinimum: connection.core.compression.bytesMinimum)
  }

  /// Makes the first header fields of the answer. A client that sends gzip learns that it may (grpc/grpc
  /// doc/compression.md).
  func responseHeaders() -> HeaderBlock {
    var block: HeaderBlock
    if format.isConnect {
      block = connectHeaders()
    } else {
      block = ResponseHeaders.block(format, encoding: responseEncoding)
      if requestEncoding == .gzip { block.add(AcceptEncoding.field) }
    }
    if let origin = web?.origin { CORS.add(origin, to: &block) }
    return block
  }
}
