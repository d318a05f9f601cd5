import Foundation
import RPC
import TestAPI

/// `grpc.testing.TestService` as grpc/grpc doc/interop-test-descriptions.md ("Server") demands.
struct InteropService: GrpcTesting.TestService {
  /// What a request may ask for at most in one payload, in bytes: many times what any test case does.
  private static let payloadBytesMaximum = 64 << 20
  /// How long caches may keep an answer; what gRPC's own servers say.
  private static let cacheControl = "max-age=60, public"

  let identity: ServerIdentity

  func emptyCall(_ request: GrpcTesting.Empty, context: ServerContext) async throws -> GrpcTesting.Empty {
    EchoedMetadata.add(to: context)
    return GrpcTesting.Empty()
  }

  func unaryCall(
    _ request: GrpcTesting.SimpleRequest,
    context: ServerContext
  ) async throws -> GrpcTesting.SimpleResponse {
    EchoedMetadata.add(to: context)
    try check(request.expectCompressed, context)
    try fail(as: request.responseStatus)
    if let isCompressed = request.responseCompressed?.value { context.compression = isCompressed ? .gzip : .identity }
    return GrpcTesting.SimpleResponse(
      payload: try payload(request.responseType, size: request.responseSize),
      serverID: request.fillServerID ? identity.serverID : "",
      hostname: identity.hostname
    )
  }

  func cacheableUnaryCall(
    _ request: GrpcTesting.SimpleRequest,
    context: ServerContext
  ) async throws -> GrpcTesting.SimpleResponse {
    EchoedMetadata.add(to: context)
    context.responseMetadata.add("cache-control", Self.cacheControl)
    // Different for every call, so that a cached answer shows.
    let nanoseconds = Int64(Date().timeIntervalSince1970 * 1e9)
    return GrpcTesting.SimpleResponse(payload: GrpcTesting.Payload(body: Array("\(nanoseconds)".utf8)))
  }

  func streamingOutputCall(
    _ request: GrpcTesting.StreamingOutputCallRequest,
    responses: ResponseWriter<GrpcTesting.StreamingOutputCallResponse>,
    context: ServerContext
  ) async throws {
    begin(context)
    try await answer(request, responses)
  }

  func streamingInputCall(
    _ requests: RequestStream<GrpcTesting.StreamingInputCallRequest>,
    context: ServerContext
  ) async throws -> GrpcTesting.StreamingInputCallResponse {
    EchoedMetadata.add(to: context)
    var bytes = 0
    for try await request in requests {
      try check(request.expectCompressed, context)
      bytes += request.payload?.body.count ?? 0
    }
    return GrpcTesting.StreamingInputCallResponse(aggregatedPayloadSize: Int32(clamping: bytes))
  }

  func fullDuplexCall(
    _ requests: RequestStream<GrpcTesting.StreamingOutputCallRequest>,
    responses: ResponseWriter<GrpcTesting.StreamingOutputCallResponse>,
    context: ServerContext
  ) async throws {
    begin(context)
    for try await request in requests { try await answer(request, responses) }
  }

  func halfDuplexCall(
    _ requests: RequestStream<GrpcTesting.StreamingOutputCallRequest>,
    responses: ResponseWriter<GrpcTesting.StreamingOutputCallResponse>,
    context: ServerContext
  ) async throws {
    begin(context)
    var received: [GrpcTesting.StreamingOutputCallRequest] = []
    for try await request in requests { received.append(request) }
    for request in received { try await answer(request, responses) }
  }

  func unimplementedCall(_ request: GrpcTesting.Empty, context: ServerContext) async throws -> GrpcTesting.Empty {
    throw RPCError(code: .unimplemented, message: "no server has this method")
  }
}

extension InteropService {
  /// A stream announces gzip in any case: which of its messages are to be packed only shows as they are asked for.
  private func begin(_ context: ServerContext) {
    EchoedMetadata.add(to: context)
    context.compression = .gzip
  }

  /// Sends the responses that a request asks for.
  private func answer(
    _ request: GrpcTesting.StreamingOutputCallRequest,
    _ responses: ResponseWriter<GrpcTesting.StreamingOutputCallResponse>
  ) async throws {
    try fail(as: request.responseStatus)
    for parameters in request.responseParameters {
      if parameters.intervalUs > 0 { try await Task.sleep(for: .microseconds(parameters.intervalUs)) }
      let payload = try payload(request.responseType, size: parameters.size)
      try await responses.write(
        GrpcTesting.StreamingOutputCallResponse(payload: payload),
        allowsCompression: parameters.compressed?.value == true
      )
    }
  }

  /// A payload of zeros.
  private func payload(_ type: GrpcTesting.PayloadType, size: Int32) throws(RPCError) -> GrpcTesting.Payload {
    guard type == .compressable else {
      throw RPCError(code: .invalidArgument, message: "payloads of type \(type) are not supported")
    }
    guard (0...Self.payloadBytesMaximum).contains(Int(size)) else {
      throw RPCError(code: .invalidArgument, message: "a payload has 0 to \(Self.payloadBytesMaximum) bytes")
    }
    return GrpcTesting.Payload(type: type, body: [UInt8](repeating: 0, count: Int(size)))
  }

  /// Whether the request came as its sender says it must.
  private func check(_ expectCompressed: GrpcTesting.BoolValue?, _ context: ServerContext) throws(RPCError) {
    guard let expected = expectCompressed?.value, expected != context.isRequestCompressed else { return }
    throw RPCError(
      code: .invalidArgument,
      message: expected ? "the request is not compressed" : "the request is compressed"
    )
  }

  /// Ends the call as the request asks, if it does.
  private func fail(as status: GrpcTesting.EchoStatus?) throws(RPCError) {
    guard let status, status.code != 0 else { return }
    throw RPCError(code: StatusCode(rawValue: Int(status.code)), message: status.message)
  }
}
