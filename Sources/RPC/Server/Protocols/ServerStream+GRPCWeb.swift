import Basics

// gRPC-Web: the trailers are the body's last frame (grpc/grpc doc/PROTOCOL-WEB.md).

extension ServerStream {
  /// The flag of the frame that has the trailers.
  private static let trailersFlag: UInt8 = 0x80

  /// Ends the answer with the status.
  ///
  /// - Parameter isBegun: Whether the header fields were sent.
  func endWeb(_ error: RPCError?, isBegun: Bool) {
    let isComplete = isBegun || sendHeaders()
    var trailers = HeaderBlock()
    addStatus(isComplete ? error : error ?? metadataTooLarge(), to: &trailers)
    var text: [UInt8] = []
    trailers.forEach { name, value in
      text.append(contentsOf: name)
      text.append(contentsOf: ": ".utf8)
      text.append(contentsOf: value)
      text.append(contentsOf: "\r\n".utf8)
    }
    FrameHeader.frame(text, flag: Self.trailersFlag).withUnsafeBytes { put($0) }
    session?.finish(self, endingWith: .endStream)
  }

  // MARK: In base64

  /// Receives a piece of the body in base64. Each piece that the client encoded may end with padding.
  func receiveText(_ bytes: UnsafeRawBufferPointer) {
    var text = (web?.text ?? []) + bytes
    let rest = text.count % 4
    web?.text = Array(text.suffix(rest))
    text.removeLast(rest)
    var start = 0
    while start < text.count {
      let padding = text[start...].firstIndex(of: Base64.padding).map { $0 / 4 * 4 + 4 } ?? text.count
      guard let decoded = Base64.decode(text[start..<padding]) else {
        return fail(RPCError(.internalError, .malformedMessage, "the body is not base64"))
      }
      web?.textCredit -= decoded.count
      decoded.withUnsafeBytes { receive($0) }
      start = padding
    }
    // The credit of the bytes is returned as they are read. What the text takes beyond them waits for nothing.
    let credit = (web?.textCredit ?? 0) + bytes.count
    web?.textCredit = min(credit, 0)
    session?.returnCredit(stream: self, bytes: credit)
  }

  /// Queues bytes of the body in base64.
  func putText(_ bytes: UnsafeRawBufferPointer) {
    let text = Base64.encode(bytes)
    connection.state.queue(bytes: text.count)
    session?.send(text, on: self)
  }
}
