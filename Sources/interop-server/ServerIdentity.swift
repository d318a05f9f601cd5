internal import Foundation

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
