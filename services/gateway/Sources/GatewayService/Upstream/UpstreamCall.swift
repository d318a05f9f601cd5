import Messages
import PatronAPI
import RPC
import ServiceKit

/// A call that the gateway makes to a service behind it, for one of its own methods.
struct UpstreamCall: Sendable {
  /// The service's name, as in its domain: "loyalty".
  let service: String
  /// What the service is asked.
  let request: MessageType
  /// What the gateway was asked.
  let origin: MessageType
  /// How the fields of the one are called in the other.
  let fields: FieldNames

  init(
    _ service: String,
    _ request: (some Message).Type,
    for origin: (some Message).Type,
    _ fields: FieldNames
  ) {
    self.service = service
    self.request = request.messageType
    self.origin = origin.messageType
    self.fields = fields
  }

  /// Makes the call, and says what the service refuses in the words of the gateway's own caller.
  func callAsFunction<Response: Sendable>(_ call: () async throws -> Response) async throws -> Response {
    do {
      return try await call()
    } catch let error as RPCError {
      throw UpstreamError(service: service, fields: fields).translated(error)
    }
  }

  /// The error of an answer that lacks what it must have.
  var incomplete: RPCError { GatewayReason.upstreamFailed.error(metadata: ["service": service]) }
}
