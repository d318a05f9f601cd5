// How a call's messages are packed and unpacked (rpc.md row 9).

extension ServerStream {
  /// A request message that is marked as compressed. It is unpacked when the handler takes it, so that what waits for
  /// the handler is no larger than what the client sent.
  func unpack(_ bytes: [UInt8]) throws(RPCError) -> [UInt8] {
    guard requestEncoding == .gzip else {
      throw RPCError(.internalError, .malformedMessage, "received a compressed message without grpc-encoding")
    }
    let limit = method?.requestBytesMaximum ?? 0
    // What is too large costs as much as the largest that is not.
    var count = limit
    defer {
      connection.loop.unpacking.unpacked(bytes: count, now: connection.loop.now)
      connection.state.unpacked(bytes: count)
    }
    let message = try Gzip.unpack(bytes, upTo: limit)
    count = message.count
    return message
  }

  /// Whether the next message is to be unpacked later, because this thread has unpacked enough for now. A call that takes
  /// one message is begun later as a whole.
  var mustPauseUnpacking: Bool {
    guard let kind = method?.method.descriptor.kind, kind.clientStreams, inbound?.isNextCompressed == true else {
      return false
    }
    guard connection.loop.unpacking.isPausing(connection.loop.now) else { return false }
    if !isUnpackingLater {
      isUnpackingLater = true
      connection.afterUnpackingPause {
        self.isUnpackingLater = false
        self.wakeReader()
      }
    }
    return true
  }

  /// What the handler chose, or else the server.
  var chosenEncoding: Compression { context.compression ?? connection.core.compression.sending }

  /// The packed frame of a response message, unless it goes as it is: it is small, it would not get smaller, or the
  /// handler has turned compression off since the headers announced it.
  func pack(_ frame: UnsafeRawBufferPointer) -> [UInt8]? {
    guard chosenEncoding == .gzip else { return nil }
    return Gzip.pack(frame, bytesMinimum: connection.core.compression.bytesMinimum)
  }

  /// What the answer begins with. A client that sends gzip is told that it may (grpc/grpc doc/compression.md).
  func responseHeaders() -> HeaderBlock {
    var block = ResponseHeaders.block(contentType, encoding: responseEncoding)
    if requestEncoding == .gzip { block.add(AcceptEncoding.field) }
    return block
  }
}
