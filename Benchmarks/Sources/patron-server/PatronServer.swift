import BenchmarkAPI
import Foundation
import Logging
import RPC
import ServiceKit

/// Patron's runtime with all the interceptors that a service has.
struct Receipts: BenchmarkV1.BenchmarkService {
  func postReceipt(
    _ request: BenchmarkV1.PostReceiptRequest,
    context: ServerContext
  ) async throws -> BenchmarkV1.PostReceiptResponse {
    let amount = request.lines.reduce(Int64(0)) { $0 + $1.amountMinor }
    return BenchmarkV1.PostReceiptResponse(
      requestID: request.requestID,
      amountMinor: amount,
      pointsEarned: amount / 100,
      pointsBalance: amount / 100 + 1_000
    )
  }

  func watchPoints(
    _ request: BenchmarkV1.WatchPointsRequest,
    responses: ResponseWriter<BenchmarkV1.WatchPointsResponse>,
    context: ServerContext
  ) async throws {
    for sequence in 0..<Int64(request.count) {
      try await responses.write(
        BenchmarkV1.WatchPointsResponse(
          sequence: sequence + 1,
          memberID: "member-0319",
          pointsBalance: 1_000 + sequence
        )
      )
    }
  }
}

@main
struct PatronServer {
  static func main() async throws {
    var arguments = CommandLine.arguments.dropFirst()
    var configuration = ServerConfiguration(addresses: [], eventLoopThreads: 1)
    var certificate: String?
    var key: String?
    while let argument = arguments.popFirst() {
      switch argument {
      case "--port":
        guard let port = Int(arguments.popFirst() ?? "") else { usage() }
        configuration.addresses = [.tcp(host: "127.0.0.1", port: port)]
      case "--web": configuration.web = .defaults
      case "--certificate": certificate = arguments.popFirst()
      case "--key": key = arguments.popFirst()
      default: usage()
      }
    }
    if let certificate, let key {
      configuration.tls = ServerTLS(identity: TLSIdentityFiles(certificateChain: certificate, privateKey: key))
    }
    guard !configuration.addresses.isEmpty, (certificate == nil) == (key == nil) else { usage() }
    let logger = Logger(label: "benchmark")
    let server = Server(
      configuration: configuration,
      services: [Receipts()],
      interceptors: StandardInterceptors.server(service: "benchmark", metrics: PrometheusRegistry(), logger: logger),
      logger: logger
    )
    try await server.run()
  }

  static func usage() -> Never {
    print("usage: patron-server --port PORT [--web] [--certificate FILE --key FILE]")
    exit(2)
  }
}
