import Foundation
import Hummingbird
import NIOPosix

/// hummingbird with its defaults, on one thread, with no middleware: it counts, traces and logs nothing.
@main
struct HummingbirdServer {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, arguments[1] == "--port", let port = Int(arguments[2]) else {
      print("usage: hummingbird-server --port PORT")
      exit(2)
    }
    let router = Router()
    router.post("/patron.benchmark.v1.BenchmarkService/PostReceipt") { request, context in
      try Receipt(await request.decode(as: ReceiptRequest.self, context: context))
    }
    let application = Application(
      router: router,
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
      eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: 1))
    )
    try await application.runService()
  }
}

/// The request as JSON has it: proto3 writes int64 as text.
struct ReceiptRequest: Decodable {
  struct Line: Decodable {
    let productId: String
    let quantity: Int32
    let amountMinor: WideNumber
  }

  let requestId: String
  let memberId: String
  let storeId: String
  let occurredAtMicroseconds: WideNumber
  let lines: [Line]
}

/// The answer, which adds the lines up.
struct Receipt: ResponseEncodable {
  let requestId: String
  let amountMinor: WideNumber
  let pointsEarned: WideNumber
  let pointsBalance: WideNumber

  init(_ request: ReceiptRequest) {
    let amount = request.lines.reduce(Int64(0)) { $0 + $1.amountMinor.value }
    requestId = request.requestId
    amountMinor = WideNumber(value: amount)
    pointsEarned = WideNumber(value: amount / 100)
    pointsBalance = WideNumber(value: amount / 100 + 1_000)
  }
}

/// An Int64 that JSON has as text.
struct WideNumber: Codable {
  let value: Int64

  init(value: Int64) {
    self.value = value
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Int64(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not an int64")
    }
    self.value = value
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(String(value))
  }
}
