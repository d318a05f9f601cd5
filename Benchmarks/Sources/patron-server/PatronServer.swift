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
    let arguments = CommandLine.arguments
    guard arguments.count == 3 || arguments.count == 7, arguments[1] == "--port", let port = Int(arguments[2]) else {
      print("usage: patron-server --port PORT [--certificate FILE --key FILE]")
      exit(2)
    }
    let logger = Logger(label: "benchmark")
    var configuration = ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: port)], eventLoopThreads: 1)
    if arguments.count == 7 {
      configuration.tls = ServerTLS(
        identity: TLSIdentityFiles(certificateChain: arguments[4], privateKey: arguments[6])
      )
    }
    let server = Server(
      configuration: configuration,
      services: [Receipts()],
      interceptors: StandardInterceptors.server(service: "benchmark", metrics: PrometheusRegistry(), logger: logger),
      logger: logger
    )
    try await server.run()
  }
}
