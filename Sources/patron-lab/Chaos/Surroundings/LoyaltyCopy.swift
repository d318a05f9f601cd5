import Foundation
import LocalSuite
import Logging
import LoyaltyProto
import RPC

/// One of the copies of loyalty, with a proxy between it and PostgreSQL.
final class LoyaltyCopy: Sendable {
  /// How long it may take to be ready again.
  private static let startMaximum: Duration = .seconds(120)
  /// Longer than any statement needs, short enough to be waited for when a lock is in the way.
  private static let statementTimeout = "1s"

  let process: RestartableProcess
  let proxy: DatabaseProxy
  /// Where it takes calls.
  let target: String
  /// The way there.
  let channel: Channel
  private let command: Command

  /// - Parameters:
  ///   - number: Tells the copies apart.
  ///   - folder: Where sockets go.
  ///   - executables: Where the program is.
  ///   - roles: How PostgreSQL is entered, were there no proxy.
  init(_ number: Int, folder: String, executables: String, roles: ServiceRoles, console: SuiteConsole) throws {
    let name = "loyalty-\(number)"
    process = RestartableProcess(name, console: console)
    var address = roles.server.address
    proxy = DatabaseProxy(folder: "\(folder)/\(name)", server: address.host, port: address.port)
    address.host = proxy.folder
    target = "unix:\(folder)/\(name)/calls"
    channel = try ChaosChannel.open(target)
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PATRON_") }
    environment["PATRON_LOYALTY_LISTEN"] = target
    environment["PATRON_LOYALTY_ADMIN_LISTEN"] = "unix:\(folder)/\(name)/admin"
    environment["PATRON_LOYALTY_DATABASE_URL"] = address.url(role: "loyalty", password: roles.passwords["loyalty"])
    environment["PATRON_LOYALTY_DATABASE_STATEMENT_TIMEOUT"] = Self.statementTimeout
    environment["PATRON_LOYALTY_LEDGER_SEAL_INTERVAL"] = "1s"
    command = Command(executable: "\(executables)/loyalty", environment: environment, deathSignal: "KILL")
  }

  /// Starts it.
  ///
  /// - Parameter clockBehind: How far its clock is set back.
  func start(clockBehind: Duration = .zero) async throws {
    var command = command
    command.environment["PATRON_LOYALTY_CLOCK_BEHIND"] = "\(clockBehind.components.seconds)s"
    try await process.start(command)
  }

  /// Returns when it answers a call that needs its database, and starts it if it does not run.
  func ensureRunning() async throws {
    let client = LoyaltyV1.LoyaltyServiceClient(channel)
    let deadline = ContinuousClock.now + Self.startMaximum
    while true {
      if !process.isRunning { try await start() }
      do {
        _ = try await client.getProgramme(.init(), options: CallOptions(timeout: .seconds(2)))
        return
      } catch let error as RPCError {
        guard ContinuousClock.now < deadline else {
          throw SuiteError("\(process.name) did not come back within \(Text.duration(Self.startMaximum)): \(error)")
        }
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  /// Ends it, and its proxy.
  func close() async {
    await process.kill()
    await channel.close()
    await proxy.stop()
  }
}
