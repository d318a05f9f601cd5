import Logging
import RPC
import TestAPI

typealias API = TestingV1

struct Echo: API.EchoService {
  func echo(_ request: API.EchoRequest, context: ServerContext) async throws -> API.EchoResponse {
    guard !request.text.isEmpty else { throw RPCError(code: .invalidArgument, message: "text is empty; send some") }
    return .init(text: request.text)
  }
  func expand(_ request: API.ExpandRequest, responses: ResponseWriter<API.ExpandResponse>, context: ServerContext)
    async throws
  { for index in 0..<request.count { try await responses.write(.init(text: request.text, index: index)) } }
  func collect(_ requests: RequestStream<API.CollectRequest>, context: ServerContext) async throws
    -> API.CollectResponse
  { try await requests.reduce(into: .init()) { $0.text += $1.text } }
  func chat(
    _ requests: RequestStream<API.ChatRequest>,
    responses: ResponseWriter<API.ChatResponse>,
    context: ServerContext
  ) async throws { for try await request in requests { try await responses.write(.init(text: request.text)) } }
}

@main
struct RPCExample {
  static func main() async throws {
    let configuration = ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
    let server = Server(configuration: configuration, services: [Echo()], logger: Logger(label: "example"))
    let address = try await server.start()[0]
    let channel = try Channel(target: "\(address)")
    let client = API.EchoServiceClient(channel)
    print(try await client.echo(.init(text: "你好"), options: CallOptions(timeout: .seconds(1))).text)
    let responses = try await client.expand(.init(text: "again", count: 3))
    for try await response in responses { print(response.index, response.text) }
    await channel.close()
    await server.shutdown(grace: .seconds(5))
  }
}
