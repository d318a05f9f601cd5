// Connect (connectrpc.com/docs/protocol).

extension ServerStream {
  private static let unaryProto = StaticHeaders.Field("content-type", "application/proto")
  private static let unaryJSON = StaticHeaders.Field("content-type", "application/json")
  private static let streamProto = StaticHeaders.Field("content-type", "application/connect+proto")
  private static let streamJSON = StaticHeaders.Field("content-type", "application/connect+json")
  private static let ok = StaticHeaders(StaticHeaders.Field(":status", "200"))
  private static let noSniff = StaticHeaders.Field("x-content-type-options", "nosniff")
  /// The flag of the frame that ends a stream.
  private static let endFlag: UInt8 = 0x02

  /// Makes the first header fields of a successful unary answer, or of a stream.
  func connectHeaders() -> HeaderBlock {
    var block = HeaderBlock(Self.ok)
    switch (format.isUnframed, format.codec) {
    case (true, .protobuf): block.add(Self.unaryProto)
    case (true, .json): block.add(Self.unaryJSON)
    case (false, .protobuf): block.add(Self.streamProto)
    case (false, .json): block.add(Self.streamJSON)
    }
    block.add(Self.noSniff)
    if !format.isUnframed {
      block.add("connect-accept-encoding", "gzip")
      if responseEncoding == .gzip { block.add("connect-content-encoding", "gzip") }
    }
    return block
  }

  // MARK: Unary

  /// Completes the request message, which is the whole body.
  func endBody() {
    guard let cost = inbound?.endBody(isCompressed: requestEncoding == .gzip) else { return }
    if let refusal = connection.state.buffer(bytes: cost) { return fail(connection.error(refusal)) }
    perform(state.receivedMessage())
  }

  /// Keeps the answer until the end.
  func hold(_ frame: UnsafeRawBufferPointer, allowsCompression: Bool) {
    web?.held = (Array(frame.dropFirst(FrameHeader.length)), allowsCompression)
  }

  /// Sends the answer with all metadata before it: the trailing metadata under names that begin with `trailer-`.
  func endConnectUnary(_ error: RPCError?) {
    let held = web?.held
    web?.held = nil
    if let error { return sendConnectError(error) }
    guard let held else {
      return sendConnectError(RPCError(.internalError, .wrongCardinality, "the handler returned no response"))
    }
    var body = held.message
    var block = responseHeaders()
    if held.allowsCompression, acceptsGzip, chosenEncoding == .gzip,
      body.count >= connection.core.compression.bytesMinimum, let packed = Gzip.packWhole(body)
    {
      block.add("content-encoding", "gzip")
      body = packed
    }
    guard addConnectMetadata(to: &block) else { return sendConnectError(metadataTooLarge()) }
    if method?.method.descriptor.hasNoSideEffects == true { block.add("vary", "accept-encoding") }
    context.countResponse(bytes: body.count)
    send(block, body)
  }

  private func sendConnectError(_ error: RPCError) {
    let failure = ConnectError(error, self)
    var block = HeaderBlock()
    block.add(":status", "\(failure.httpStatus)")
    block.add(Self.unaryJSON)
    block.add(Self.noSniff)
    if let seconds = failure.retryAfterSeconds { block.add("retry-after", "\(seconds)") }
    if error.info?.reason == RuntimeReason.unsupportedEncoding.rawValue { block.add("accept-encoding", "gzip") }
    if let origin = web?.origin { CORS.add(origin, to: &block) }
    _ = addConnectMetadata(to: &block)
    _ = block.addWhatFits(error.metadata)
    send(block, failure.json)
  }

  /// - Returns: Whether all of it fits.
  private func addConnectMetadata(to block: inout HeaderBlock) -> Bool {
    guard let callContext, callContext.hasResponseFields else { return true }
    return block.addWhatFits(callContext.responseMetadata)
      && block.addWhatFits(callContext.trailingMetadata, prefix: "trailer-")
  }

  private func send(_ block: HeaderBlock, _ body: [UInt8]) {
    session?.submitResponse(self, headers: block, endStream: body.isEmpty)
    guard !body.isEmpty else { return }
    body.withUnsafeBytes { put($0) }
    session?.finish(self, endingWith: .endStream)
  }

  // MARK: Streams

  /// Ends the stream with a frame that has the error, if any, and the trailing metadata.
  func endConnectStream(_ error: RPCError?, isBegun: Bool) {
    let isComplete = isBegun || sendHeaders()
    let error = isComplete ? error : error ?? metadataTooLarge()
    var json = Array("{".utf8)
    if let error {
      json += Array("\"error\":".utf8) + ConnectError(error, self).json
    }
    var metadata = error?.metadata ?? Metadata()
    if let callContext, callContext.hasResponseFields { metadata.add(callContext.trailingMetadata) }
    if let fields = ConnectError.json(of: metadata) {
      if error != nil { json.append(UInt8(ascii: ",")) }
      json += Array("\"metadata\":".utf8) + fields
    }
    json.append(UInt8(ascii: "}"))
    FrameHeader.frame(json, flag: Self.endFlag).withUnsafeBytes { put($0) }
    session?.finish(self, endingWith: .endStream)
  }
}
