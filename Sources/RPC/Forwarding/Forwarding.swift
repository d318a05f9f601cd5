public import Messages
import Synchronization

/// How calls of a method are passed on to the server that owns it, without decoding their messages.
///
/// Deadline, trace, cancellation, metadata, compression of the request, status and details go both ways. Only JSON is
/// converted, along the descriptors.
public struct Forwarding: Sendable {
  let channel: any ClientChannel
  let request: JSONTranscoder
  let response: JSONTranscoder
  let passesOn: @Sendable (Metadata.Field) -> Bool
  let translate: @Sendable (RPCError) -> RPCError

  /// - Parameters:
  ///   - channel: Leads to the owner.
  ///   - request: Converts the method's requests.
  ///   - response: Converts its responses.
  ///   - passesOn: Whether a field of the request's metadata goes to the owner.
  ///   - translate: Makes the caller's error of the owner's.
  public init(
    channel: any ClientChannel,
    request: JSONTranscoder,
    response: JSONTranscoder,
    passesOn: @escaping @Sendable (Metadata.Field) -> Bool,
    translate: @escaping @Sendable (RPCError) -> RPCError
  ) {
    self.channel = channel
    self.request = request
    self.response = response
    self.passesOn = passesOn
    self.translate = translate
  }
}

extension ServerMethod {
  /// Makes a method that passes every call on.
  public static func forwarded(_ descriptor: MethodDescriptor, _ forwarding: Forwarding) -> ServerMethod {
    ServerMethod(descriptor: descriptor) { call in
      do {
        try await ForwardedCall(call: call, method: descriptor, forwarding: forwarding).run()
      } catch let error as RPCError {
        throw forwarding.translate(error)
      }
    }
  }
}

/// One call that is passed on.
private struct ForwardedCall {
  let call: any ServerCall
  let method: MethodDescriptor
  let forwarding: Forwarding

  func run() async throws {
    switch method.kind {
    case .unary: try await unary()
    case .serverStreaming: try await serverStreaming()
    case .clientStreaming: try await clientStreaming()
    case .bidirectional: try await bidirectional()
    }
  }

  // MARK: The four kinds

  private func unary() async throws {
    let request = try onlyRequest()
    let fields = ResponseFields()
    defer { fields.copyHeaders(to: call.context) }
    let response: RawMessage = try await forwarding.channel.unary(method, request, options: options(fields))
    fields.copy(to: call.context)
    try await send(response)
  }

  private func serverStreaming() async throws {
    let fields = ResponseFields()
    let responses: ResponseStream<RawMessage> =
      try await forwarding.channel.serverStreaming(method, try onlyRequest(), options: options(fields))
    try await send(responses, fields)
  }

  private func clientStreaming() async throws {
    let fields = ResponseFields()
    defer { fields.copyHeaders(to: call.context) }
    let outgoing: ClientStreamingCall<RawMessage, RawMessage> =
      try await forwarding.channel.clientStreaming(method, options: options(fields))
    while let request = try await nextRequest() { try await outgoing.send(request) }
    let response = try await outgoing.finish()
    fields.copy(to: call.context)
    try await send(response)
  }

  private func bidirectional() async throws {
    let fields = ResponseFields()
    let outgoing: BidirectionalCall<RawMessage, RawMessage> =
      try await forwarding.channel.bidirectional(method, options: options(fields))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          while let request = try await nextRequest() { try await outgoing.send(request) }
          outgoing.finishSending()
        } catch {
          outgoing.cancel()
          throw error
        }
      }
      try await send(outgoing.responses, fields)
      // The owner has answered: the rest of the requests is not needed.
      group.cancelAll()
    }
  }

  // MARK: Messages

  private func onlyRequest() throws(RPCError) -> RawMessage {
    guard case .message(let bytes) = try call.receiveNow() else {
      throw RPCError(.unimplemented, .wrongCardinality, "the method takes exactly one request message")
    }
    return try raw(bytes)
  }

  private func nextRequest() async throws -> RawMessage? {
    switch try call.receiveNow() {
    case .message(let bytes): return try raw(bytes)
    case .end: return nil
    case .notYet: break
    }
    guard let bytes = try await call.receive() else { return nil }
    return try raw(bytes)
  }

  private func raw(_ bytes: [UInt8]) throws(RPCError) -> RawMessage {
    guard call.codec == .json else { return RawMessage(bytes: bytes) }
    do throws(MessageError) {
      return RawMessage(bytes: try forwarding.request.wire(bytes))
    } catch {
      throw RPCError(decoding: error)
    }
  }

  private func send(_ responses: ResponseStream<RawMessage>, _ fields: ResponseFields) async throws {
    var isFirst = true
    for try await response in responses {
      if isFirst { fields.copyHeaders(to: call.context) }
      isFirst = false
      try await send(response)
    }
    fields.copy(to: call.context)
  }

  private func send(_ response: RawMessage) async throws {
    var bytes = response.bytes
    if call.codec == .json {
      do throws(MessageError) {
        bytes = try forwarding.response.json(bytes)
      } catch {
        throw RPCError(.internalError, .malformedMessage, "the response cannot be encoded", cause: error)
      }
    }
    var frame = [UInt8](unsafeUninitializedCapacity: call.framePrefix + bytes.count) { buffer, count in
      buffer.initialize(repeating: 0)
      let message = UnsafeMutableRawBufferPointer(buffer)[call.framePrefix...]
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: message).copyMemory(from: $0) }
      count = call.framePrefix + bytes.count
    }
    if try call.isWritableNow() {
      frame.withUnsafeMutableBytes { call.enqueue($0, allowsCompression: true) }
    } else {
      try await call.enqueueWhenWritable(frame, allowsCompression: true)
    }
  }

  // MARK: Everything else

  private func options(_ fields: ResponseFields) -> CallOptions {
    var metadata = Metadata()
    for field in call.context.requestMetadata where forwarding.passesOn(field) { metadata.add(field) }
    return CallOptions(
      metadata: metadata,
      compression: call.context.isRequestCompressed ? .gzip : nil,
      observers: [fields]
    )
  }
}

/// The metadata of the owner's answer. A failed call's trailing metadata is in its error.
private final class ResponseFields: CallObserver {
  private let state = Mutex((headers: Metadata(), trailers: Metadata()))

  func receivedHeaders(_ metadata: Metadata) { state.withLock { $0.headers = metadata } }

  func ended(_ summary: CallSummary) { state.withLock { $0.trailers = summary.trailers } }

  func copyHeaders(to context: ServerContext) {
    let headers = state.withLock { $0.headers }
    if !headers.isEmpty { context.responseMetadata = headers }
  }

  func copyTrailers(to context: ServerContext) {
    let trailers = state.withLock { $0.trailers }
    if !trailers.isEmpty { context.trailingMetadata = trailers }
  }

  func copy(to context: ServerContext) {
    copyHeaders(to: context)
    copyTrailers(to: context)
  }
}
