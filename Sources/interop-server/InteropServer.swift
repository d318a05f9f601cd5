import ArgumentParser
import Foundation
import Logging
import RPC
import TestAPI
import UnixSignals

/// A server that any gRPC implementation's interoperability suite can be pointed at.
@main
struct InteropServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interop-server",
    abstract: "Serves grpc.testing.TestService and connectrpc.conformance.v1.ConformanceService.",
    discussion: """
      Flags are named as in gRPC's own test servers; `--flag=value` and `--flag value` mean the same, and so do underscores \
      and hyphens in names. Prints a line "listening on ADDRESS" for each address. SIGTERM and SIGINT let running calls \
      finish; a second one ends the process at once. gRPC, gRPC-Web and Connect, over HTTP/1.1 and HTTP/2.
      """
  )

  @Option(help: "The port to listen on; 0 lets the system choose, and -1 listens on no port.")
  var port = 10_000

  @Option(help: "The host name or IP address to listen on.")
  var host = "0.0.0.0"

  @Option(help: "The path of a unix socket to listen on too.")
  var socket: String?

  @Option(name: [.customLong("use_tls"), .customLong("use-tls")], help: "Whether to encrypt; needs the two files.")
  var usesTLS = false

  @Option(
    name: [
      .customLong("cert_file"), .customLong("cert-file"), .customLong("tls_cert_file"), .customLong("tls-cert-file"),
    ],
    help: "The server's certificate and those that lead to its authority, PEM."
  )
  var certificateFile: String?

  @Option(
    name: [.customLong("key_file"), .customLong("key-file"), .customLong("tls_key_file"), .customLong("tls-key-file")],
    help: "The certificate's private key, PEM."
  )
  var keyFile: String?

  @Option(
    name: [.customLong("max_receive_message_bytes"), .customLong("max-receive-message-bytes")],
    help: "The largest request message in bytes; a larger one ends its call with RESOURCE_EXHAUSTED."
  )
  var requestBytesMaximum = ServerLimits.defaults.requestBytesMaximum

  @Option(
    name: [.customLong("max_concurrent_streams"), .customLong("max-concurrent-streams")],
    help: "How many calls one connection may have open at once."
  )
  var streamsMaximum = 1000

  @Option(
    name: [.customLong("drain_seconds"), .customLong("drain-seconds")],
    help: "How long calls may go on after SIGTERM, in seconds."
  )
  var drainSeconds = 30

  @Flag(
    help: """
      Start as Connect's conformance runner asks on standard input, and answer it on standard output; the other options \
      are ignored.
      """
  )
  var conformance = false

  func validate() throws {
    guard (-1...Int(UInt16.max)).contains(port) else { throw ValidationError("port must be -1 or 0 to 65535") }
    if port == -1, socket == nil { throw ValidationError("there is nothing to listen on: give a port or a socket") }
    if usesTLS, certificateFile == nil || keyFile == nil {
      throw ValidationError("use_tls needs cert_file and key_file")
    }
    guard requestBytesMaximum > 0, streamsMaximum > 0, drainSeconds >= 0 else {
      throw ValidationError("max_receive_message_bytes and max_concurrent_streams must be positive")
    }
  }

  func run() async throws {
    // Before the first line is printed: whoever reads it may send a signal.
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let start = conformance ? try ConformanceStart() : nil
    defer { start?.end() }
    let server = Server(
      configuration: try start.map(configuration(for:)) ?? serverConfiguration,
      services: [InteropService(identity: .current), ConformanceService()],
      logger: Logger(label: "interop-server") { StreamLogHandler.standardError(label: $0) }
    )
    for address in try await server.start() {
      if let start { try start.answer(address) } else { print("listening on \(address)") }
    }
    fflush(nil)
    var shutdown: Task<Void, Never>?
    for await signal in signals {
      if shutdown != nil { _exit(128 + (signal == .sigint ? SIGINT : SIGTERM)) }
      shutdown = Task { [drainSeconds] in
        await server.shutdown(grace: .seconds(drainSeconds))
        start?.end()
        Foundation.exit(0)
      }
    }
  }

  private func configuration(for start: ConformanceStart) throws -> ServerConfiguration {
    var configuration = serverConfiguration
    configuration.addresses = [.tcp(host: "127.0.0.1", port: 0)]
    if start.request.messageReceiveLimit > 0 {
      configuration.limits.requestBytesMaximum = Int(start.request.messageReceiveLimit)
    }
    configuration.tls = try start.makeTLS()
    return configuration
  }

  private var serverConfiguration: ServerConfiguration {
    var addresses: [ListenAddress] = []
    if port >= 0 { addresses.append(.tcp(host: host, port: port)) }
    if let socket { addresses.append(.unix(path: socket)) }
    var configuration = ServerConfiguration(addresses: addresses)
    configuration.limits.requestBytesMaximum = requestBytesMaximum
    configuration.limits.streamsMaximum = streamsMaximum
    configuration.limits.runningHandlersMaximum = 2 * streamsMaximum
    // Suites count details, and ask for small messages to be packed.
    configuration.addsErrorInfo = false
    configuration.limits.statusBytesMaximum = 60 << 10
    configuration.compression.bytesMinimum = 0
    configuration.web = .defaults
    configuration.web?.allowedOrigins = .all
    if usesTLS, let certificateFile, let keyFile {
      configuration.tls = ServerTLS(identity: TLSIdentityFiles(certificateChain: certificateFile, privateKey: keyFile))
    }
    return configuration
  }
}
