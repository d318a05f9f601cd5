import ArgumentParser
import Foundation
import RPC

/// Runs the cases of gRPC's interoperability suite against any implementation's test server.
@main
struct InteropClient: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interop-client",
    abstract: "Runs interoperability cases against a server of grpc.testing.TestService.",
    discussion: """
      Flags are named as in gRPC's own test clients; `--flag=value` and `--flag value` mean the same, and so do underscores \
      and hyphens in names. Prints a line for each case, and ends with 1 if one has failed.

      Cases: \(TestCase.allCases.map(\.rawValue).joined(separator: ", ")).
      """
  )

  @Option(name: [.customLong("server_host"), .customLong("server-host")], help: "The server's host name or address.")
  var serverHost = "localhost"

  @Option(name: [.customLong("server_port"), .customLong("server-port")], help: "The server's port.")
  var serverPort = 10_000

  @Option(help: "What to connect to instead, such as unix:/tmp/interop.sock.")
  var target: String?

  @Option(
    name: [.customLong("server_host_override"), .customLong("server-host-override")],
    help: "The name that the server's certificate must have and that calls are addressed to."
  )
  var serverHostOverride: String?

  @Option(name: [.customLong("test_case"), .customLong("test-case")], help: "A case, several with commas, or all.")
  var testCase = "large_unary"

  @Option(name: [.customLong("use_tls"), .customLong("use-tls")], help: "Whether to encrypt.")
  var usesTLS = false

  @Option(
    name: [.customLong("use_test_ca"), .customLong("use-test-ca")],
    help: "Whether to trust the authority in ca_file instead of those of the system."
  )
  var usesTestAuthority = false

  @Option(name: [.customLong("ca_file"), .customLong("ca-file")], help: "The authority that is trusted, PEM.")
  var authorityFile: String?

  @Option(
    name: [.customLong("call_timeout_seconds"), .customLong("call-timeout-seconds")],
    help: "How long a single call may take, so that nothing hangs, in seconds."
  )
  var callTimeoutSeconds = 30

  @OptionGroup(title: "Soak cases")
  var soak: SoakOptions

  func validate() throws {
    _ = try testCases()
    guard (1...Int(UInt16.max)).contains(serverPort) else { throw ValidationError("server_port must be 1 to 65535") }
    guard callTimeoutSeconds > 0 else { throw ValidationError("call_timeout_seconds must be positive") }
    if usesTLS, usesTestAuthority, authorityFile == nil {
      throw ValidationError("use_test_ca needs ca_file, the PEM file of the suite's authority")
    }
  }

  private func testCases() throws -> [TestCase] {
    if testCase == "all" { return TestCase.allCases }
    return try testCase.split(separator: ",").map { name in
      guard let found = TestCase(rawValue: String(name)) else { throw ValidationError("there is no case \(name)") }
      return found
    }
  }

  func run() async throws {
    let settings = CaseSettings(
      target: try ChannelTarget(parsing: targetText),
      configuration: channelConfiguration,
      callTimeout: .seconds(callTimeoutSeconds),
      soak: soak.settings
    )
    var failures = 0
    for testCase in try testCases() {
      let run = CaseRun(settings)
      do {
        try await testCase.run(on: run)
        print("\(testCase.rawValue): passed")
      } catch {
        failures += 1
        print("\(testCase.rawValue): FAILED: \(error)")
      }
      await run.channel.close()
      fflush(nil)
    }
    if failures > 0 { throw ExitCode(1) }
  }

  private var targetText: String {
    target ?? (serverHost.contains(":") ? "[\(serverHost)]:\(serverPort)" : "\(serverHost):\(serverPort)")
  }

  private var channelConfiguration: ChannelConfiguration {
    var configuration = ChannelConfiguration(authority: serverHostOverride)
    configuration.compression.bytesMinimum = 0
    configuration.closeGrace = .seconds(1)
    if usesTLS {
      let trustsFile = usesTestAuthority || authorityFile != nil
      configuration.tls = ClientTLS(
        authorities: trustsFile ? authorityFile.map { .file($0) } ?? .system : .system,
        serverName: serverHostOverride
      )
    }
    return configuration
  }
}
