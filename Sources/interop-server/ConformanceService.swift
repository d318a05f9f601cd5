import Messages
import RPC
import TestAPI

/// `connectrpc.conformance.v1.ConformanceService`: answers exactly as the requests ask.
struct ConformanceService: ConnectrpcConformanceV1.ConformanceService {
  typealias API = ConnectrpcConformanceV1

  func unary(_ request: API.UnaryRequest, context: ServerContext) async throws -> API.UnaryResponse {
    var record = RequestRecord(context)
    try record.add(request)
    return API.UnaryResponse(payload: try await answer(request.responseDefinition, record, context))
  }

  func idempotentUnary(
    _ request: API.IdempotentUnaryRequest,
    context: ServerContext
  ) async throws -> API.IdempotentUnaryResponse {
    var record = RequestRecord(context)
    try record.add(request)
    return API.IdempotentUnaryResponse(payload: try await answer(request.responseDefinition, record, context))
  }

  func clientStream(
    _ requests: RequestStream<API.ClientStreamRequest>,
    context: ServerContext
  ) async throws -> API.ClientStreamResponse {
    var record = RequestRecord(context)
    var definition: API.UnaryResponseDefinition?
    for try await request in requests {
      if record.requests.isEmpty { definition = request.responseDefinition }
      try record.add(request)
    }
    return API.ClientStreamResponse(payload: try await answer(definition, record, context))
  }

  func serverStream(
    _ request: API.ServerStreamRequest,
    responses: ResponseWriter<API.ServerStreamResponse>,
    context: ServerContext
  ) async throws {
    var record = RequestRecord(context)
    try record.add(request)
    var script = try ResponseScript(request.responseDefinition, context)
    while let data = try await script.next() {
      let info = script.sent == 1 ? record.takeAll() : nil
      try await responses.write(
        API.ServerStreamResponse(payload: API.ConformancePayload(data: data, requestInfo: info))
      )
    }
    try script.end(record)
  }

  func bidiStream(
    _ requests: RequestStream<API.BidiStreamRequest>,
    responses: ResponseWriter<API.BidiStreamResponse>,
    context: ServerContext
  ) async throws {
    var record = RequestRecord(context)
    var script: ResponseScript?
    var isFullDuplex = false
    for try await request in requests {
      if script == nil {
        script = try ResponseScript(request.responseDefinition, context)
        isFullDuplex = request.fullDuplex
      }
      try record.add(request)
      guard isFullDuplex else { continue }
      // A request for which no response is left ends the call.
      guard let data = try await script?.next() else { break }
      let info = script?.sent == 1 ? record.takeAll() : record.takeRequests()
      try await responses.write(API.BidiStreamResponse(payload: API.ConformancePayload(data: data, requestInfo: info)))
    }
    while let data = try await script?.next() {
      let info = script?.sent == 1 ? record.takeAll() : nil
      try await responses.write(API.BidiStreamResponse(payload: API.ConformancePayload(data: data, requestInfo: info)))
    }
    try script?.end(record)
  }

  func unimplemented(
    _ request: API.UnimplementedRequest,
    context: ServerContext
  ) async throws -> API.UnimplementedResponse {
    throw RPCError(code: .unimplemented, message: "no server has this method")
  }

  /// What a method with one response answers.
  private func answer(
    _ definition: API.UnaryResponseDefinition?,
    _ record: RequestRecord,
    _ context: ServerContext
  ) async throws -> API.ConformancePayload {
    guard let definition else { return API.ConformancePayload(requestInfo: record.all) }
    context.responseMetadata = try Metadata(definition.responseHeaders)
    context.trailingMetadata = try Metadata(definition.responseTrailers)
    if definition.responseDelayMs > 0 { try await Task.sleep(for: .milliseconds(definition.responseDelayMs)) }
    switch definition.response {
    case .error(let error): throw try RPCError(error, record)
    case .responseData(let data): return API.ConformancePayload(data: data, requestInfo: record.all)
    case nil: return API.ConformancePayload(requestInfo: record.all)
    }
  }
}
