import CommonProto
import RPC
import TestAPI

/// The responses that the first request of a conformance call defines, one after the other.
struct ResponseScript: Sendable {
  private let definition: ConnectrpcConformanceV1.StreamResponseDefinition?
  /// How many responses were handed out.
  private(set) var sent = 0

  /// Sets the call's headers and trailers. Without a definition there is nothing to send.
  init(_ definition: ConnectrpcConformanceV1.StreamResponseDefinition?, _ context: ServerContext) throws(RPCError) {
    self.definition = definition
    guard let definition else { return }
    context.responseMetadata = try Metadata(definition.responseHeaders)
    context.trailingMetadata = try Metadata(definition.responseTrailers)
  }

  /// The data of the next response, once its time has come; nil after the last.
  mutating func next() async throws -> [UInt8]? {
    guard let definition, sent < definition.responseData.count else { return nil }
    if definition.responseDelayMs > 0 { try await Task.sleep(for: .milliseconds(definition.responseDelayMs)) }
    defer { sent += 1 }
    return definition.responseData[sent]
  }

  /// Ends the call with the error that was asked for, if any. What was seen of the requests goes with it unless a
  /// response has told it.
  func end(_ record: RequestRecord) throws {
    guard let error = definition?.error else { return }
    throw try RPCError(error, sent == 0 ? record : nil)
  }
}

extension RPCError {
  /// The error that a request asks for.
  ///
  /// - Parameter record: what was seen of the requests, to be added to the details.
  init(_ error: ConnectrpcConformanceV1.ErrorMessage, _ record: RequestRecord?) throws {
    var details = error.details
    if let record { details.append(try GoogleProtobuf.AnyMessage(packing: record.all)) }
    self.init(
      code: StatusCode(rawValue: Int(error.code.rawValue)),
      message: error.message ?? "",
      details: details.map { .other(typeURL: $0.typeUrl, value: $0.value) }
    )
  }
}
