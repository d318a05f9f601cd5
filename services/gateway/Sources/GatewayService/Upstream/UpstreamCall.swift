import Messages
import RPC
import ServiceKit

/// A call to an upstream service for one of the gateway's own methods.
struct UpstreamCall: Sendable {
  /// The service's name, as in its domain: "loyalty".
  let service: String
  /// The type of the request to the service.
  let request: MessageType
  /// The type of the gateway's own request.
  let origin: MessageType
  /// Maps the fields of `request` to those of `origin`.
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

  /// Makes the call, and translates the service's refusals for the gateway's caller.
  func callAsFunction<Response: Sendable>(_ call: () async throws -> Response) async throws -> Response {
    do {
      return try await call()
    } catch let error as RPCError {
      throw UpstreamError(service: service, fields: fields).translated(error)
    }
  }

  /// The error for an incomplete answer.
  var incomplete: RPCError { GatewayReason.upstreamFailed.error(metadata: ["service": service]) }
}
