internal import RPC

/// The request's fields that the server sends back (doc/interop-test-descriptions.md, "Echo Metadata").
enum EchoedMetadata {
  private static let initial = "x-grpc-test-echo-initial"
  private static let trailing = "x-grpc-test-echo-trailing-bin"
  /// Asks for the caller's `user-agent` under the same name.
  private static let userAgent = "x-grpc-test-echo-useragent"

  static func add(to context: ServerContext) {
    for field in context.requestMetadata {
      switch (field.key, field.value) {
      case (initial, .string(let text)): context.responseMetadata.add(initial, text)
      case (trailing, .binary(let bytes)): context.trailingMetadata.add(trailing, bytes)
      case (userAgent, _): context.responseMetadata.add(userAgent, context.requestMetadata["user-agent"] ?? "")
      default: break
      }
    }
  }
}
