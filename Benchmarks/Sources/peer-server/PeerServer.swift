import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import PeerAPI

/// grpc-swift-2 with its defaults, on its own transport.
struct Receipts: Patron_Benchmark_V1_BenchmarkService.SimpleServiceProtocol {
  func postReceipt(
    request: Patron_Benchmark_V1_PostReceiptRequest,
    context: ServerContext
  ) async throws -> Patron_Benchmark_V1_PostReceiptResponse {
    let amount = request.lines.reduce(Int64(0)) { $0 + $1.amountMinor }
    return .with {
      $0.requestID = request.requestID
      $0.amountMinor = amount
      $0.pointsEarned = amount / 100
      $0.pointsBalance = amount / 100 + 1_000
    }
  }

  func watchPoints(
    request: Patron_Benchmark_V1_WatchPointsRequest,
    response: RPCWriter<Patron_Benchmark_V1_WatchPointsResponse>,
    context: ServerContext
  ) async throws {
    for sequence in 0..<Int64(request.count) {
      try await response.write(
        .with {
          $0.sequence = sequence + 1
          $0.memberID = "member-0319"
          $0.pointsBalance = 1_000 + sequence
        }
      )
    }
  }
}

@main
struct PeerServer {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, arguments[1] == "--port", let port = Int(arguments[2]) else {
      print("usage: peer-server --port PORT")
      exit(2)
    }
    let server = GRPCServer(
      transport: .http2NIOPosix(
        address: .ipv4(host: "127.0.0.1", port: port),
        transportSecurity: .plaintext
      ),
      services: [Receipts()]
    )
    try await server.serve()
  }
}
