import Foundation
import RPC

/// What tells this running server from others.
struct ServerIdentity: Sendable {
  /// Different for every process.
  let serverID: String
  /// The name of the machine.
  let hostname: String

  /// Of this process.
  static let current = ServerIdentity(
    serverID: UUID().uuidString,
    hostname: ProcessInfo.processInfo.hostName
  )
}

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
