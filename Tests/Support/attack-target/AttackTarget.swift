import ArgumentParser
import Glibc
import Logging
import RPC
import TestAPI

/// The attacked server, in a process of its own so that its memory can be measured. It has the limits of production by
/// default, prints its port, and ends when its standard input does.
@main
struct AttackTarget: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "attack-target")

  @Option(help: "ServerLimits.handshakeTimeout")
  var handshakeTimeoutMilliseconds: Int?

  @Option(help: "ServerLimits.progressTimeout")
  var progressTimeoutMilliseconds: Int?

  @Option(help: "ServerLimits.requestTimeout")
  var requestTimeoutMilliseconds: Int?

  @Option(help: "ServerKeepalive.clientPingStrikesMaximum")
  var pingStrikes: Int?

  func run() async throws {
    var limits = ServerLimits.defaults
    if let handshakeTimeoutMilliseconds { limits.handshakeTimeout = .milliseconds(handshakeTimeoutMilliseconds) }
    if let progressTimeoutMilliseconds { limits.progressTimeout = .milliseconds(progressTimeoutMilliseconds) }
    if let requestTimeoutMilliseconds { limits.requestTimeout = .milliseconds(requestTimeoutMilliseconds) }
    var configuration = ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)], limits: limits)
    configuration.web = .defaults
    if let pingStrikes { configuration.keepalive.clientPingStrikesMaximum = pingStrikes }
    let server = Server(
      configuration: configuration,
      services: [Echo()],
      interceptors: [MetricsServerInterceptor(), TracingServerInterceptor()],
      logger: Logger(label: "attack-target") { _ in SwiftLogNoOpLogHandler() }
    )
    guard case .tcp(_, let port)? = try await server.start().first else { throw ExitCode.failure }
    // Not `print`, which buffers output into a pipe.
    var line = "\(port)\n"
    let count = line.withUTF8 { write(1, $0.baseAddress, $0.count) }
    guard count > 0 else { throw ExitCode.failure }
    await EndOfInput.wait()
    await server.shutdown(grace: .zero)
  }
}
