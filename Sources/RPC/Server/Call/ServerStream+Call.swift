import Messages
import NIOCore

extension ServerStream: ServerCall {
  var context: ServerContext {
    guard let callContext else { preconditionFailure("a handler runs only after its headers were accepted") }
    return callContext
  }

  var codec: MessageCodec { format.codec }
  var framePrefix: Int { FrameHeader.length }
  var arena: Arena? { isOnLoop ? connection.loop.arena : nil }

  private var isOnLoop: Bool { connection.loop.executor.eventLoop.inEventLoop }

  private func onLoop(_ body: @escaping @Sendable () -> Void) {
    if isOnLoop { body() } else { connection.loop.executor.eventLoop.execute(body) }
  }

  // MARK: Reading

  func receiveNow() throws(RPCError) -> Received { isOnLoop ? try takeMessage() : .notYet }

  func receive() async throws(RPCError) -> [UInt8]? { try await waitForMessage().get() }

  /// Takes what a reader gets now.
  private func takeMessage() throws(RPCError) -> Received {
    if let failure { throw failure }
    if requestEncoding == .gzip, mustPauseUnpacking { return .notYet }
    guard let (message, credit) = inbound?.take() else { return takeEnd() }
    connection.state.unbuffer(bytes: InboundQueue.bufferedBytes(of: message))
    context.countRequest(bytes: message.bytes.count, isCompressed: message.isCompressed)
    if !state.isRequestComplete {
      session?.returnCredit(stream: self, bytes: credit)
      connection.flushSoon()
    }
    return .message(message.isCompressed ? try unpack(message.bytes) : message.bytes)
  }

  /// Returns what a reader gets when there is no message.
  private func takeEnd() -> Received {
    if state.isRequestComplete { return .end }
    guard endsRequestsWhenDraining, connection.drain.isDraining else { return .notYet }
    hasCutRequests = true
    return .end
  }

  func endRequestsWhenDraining() {
    onLoop {
      self.endsRequestsWhenDraining = true
      self.wakeReader()
    }
  }

  private func waitForMessage() async -> Result<[UInt8]?, RPCError> {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let waiting = CallContinuation(continuation)
        onLoop { self.park(waiting) }
      }
    } onCancel: {
      onLoop {
        self.reader?.resume(.failure(Self.taskCancelled))
        self.reader = nil
      }
    }
  }

  private func park(_ waiting: CallContinuation<[UInt8]?>) {
    reader?.resume(.failure(RPCError(.internalError, .handlerFailed, "two tasks read the same requests")))
    reader = waiting
    wakeReader()
  }

  func wakeReader() {
    guard let waiting = reader else { return }
    do throws(RPCError) {
      switch try takeMessage() {
      case .message(let bytes): waiting.resume(.success(bytes))
      case .end: waiting.resume(.success(nil))
      case .notYet: return
      }
    } catch {
      waiting.resume(.failure(error))
    }
    reader = nil
  }

  // MARK: Writing

  func isWritableNow() throws(RPCError) -> Bool { isOnLoop && writers.isEmpty ? try hasRoom() : false }

  private func hasRoom() throws(RPCError) -> Bool {
    if let failure { throw failure }
    return outgoing.bytes.count < connection.core.limits.streamOutboundBytesMaximum && connection.state.isWritable
  }

  func enqueue(_ frame: UnsafeMutableRawBufferPointer, allowsCompression: Bool) {
    FrameHeader.write(to: frame)
    append(UnsafeRawBufferPointer(frame), allowsCompression: allowsCompression)
  }

  func enqueueWhenWritable(_ frame: [UInt8], allowsCompression: Bool) async throws(RPCError) {
    var frame = frame
    frame.withUnsafeMutableBytes { FrameHeader.write(to: $0) }
    try await wait(toSend: WaitingWriter(frame: frame, allowsCompression: allowsCompression)).get()
  }

  private func wait(toSend writer: WaitingWriter) async -> Result<Void, RPCError> {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let waiting = CallContinuation(continuation)
        onLoop {
          writer.park(waiting)
          self.writers.append(writer)
          self.wakeWriters()
        }
      }
    } onCancel: {
      onLoop {
        writer.finish(.failure(Self.taskCancelled))
        self.wakeWriters()
      }
    }
  }

  /// Resumes waiting writers in order while there is capacity.
  func wakeWriters() {
    while let writer = writers.first {
      do throws(RPCError) {
        if !writer.isDone {
          guard try hasRoom() else { return }
          writer.frame.withUnsafeBytes { append($0, allowsCompression: writer.allowsCompression) }
          writer.finish(.success(()))
        }
      } catch {
        writer.finish(.failure(error))
      }
      writers.removeFirst()
    }
  }

  private func append(_ frame: UnsafeRawBufferPointer, allowsCompression: Bool) {
    guard session != nil else { return }
    switch state.send() {
    case .drop: return
    case .beginAnswer:
      if format.isUnframed { return hold(frame, allowsCompression: allowsCompression) }
      if !beginAnswer() { return fail(metadataTooLarge()) }
    case .append: break
    }
    if outgoing.bytes.isEmpty { progress.moved(at: connection.currentTime) }
    if responseEncoding == .gzip, allowsCompression, let packed = pack(frame) {
      context.countResponse(bytes: packed.count - FrameHeader.length)
      packed.withUnsafeBytes { put($0) }
    } else {
      context.countResponse(bytes: frame.count - FrameHeader.length)
      put(frame)
    }
    connection.flushSoon()
  }

  /// Sends the header fields before the first message.
  ///
  /// - Returns: Whether all of the metadata fits.
  private func beginAnswer() -> Bool {
    if acceptsGzip { responseEncoding = chosenEncoding }
    return sendHeaders()
  }

  /// Sends the header fields of an answer that has a body, with the handler's metadata.
  ///
  /// - Returns: Whether all of the metadata fits.
  func sendHeaders() -> Bool {
    var block = responseHeaders()
    var isComplete = true
    if let callContext, callContext.hasResponseFields { isComplete = block.addWhatFits(callContext.responseMetadata) }
    session?.submitResponse(self, headers: block, endStream: false)
    return isComplete
  }

  /// Queues bytes of the body.
  func put(_ bytes: UnsafeRawBufferPointer) {
    if format.framing == .grpcWebText { return putText(bytes) }
    connection.state.queue(bytes: bytes.count)
    session?.send(bytes, on: self)
  }

  private static let taskCancelled = RPCError(.cancelled, .cancelled, "the task that serves the call was cancelled")
}
