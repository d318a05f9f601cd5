import CommonProto
import Messages
import RPC
import TestAPI

/// Echoes requests. Stores nothing between calls, so that the process's memory is the runtime's.
struct Echo: TestingV1.EchoService {
  /// The greatest size of an answer, so that an attack on the runtime is no attack on this service.
  private static let responseBytesMaximum: Int32 = 1 << 20

  private static func payload(_ steering: TestingV1.Steering?) -> [UInt8] {
    [UInt8](repeating: 0, count: Int(min(max(0, steering?.responseBytes ?? 0), responseBytesMaximum)))
  }

  private static func wait(_ steering: TestingV1.Steering?) async throws {
    guard let delay = steering?.delay else { return }
    try await Task.sleep(for: .seconds(delay.seconds) + .nanoseconds(delay.nanos))
  }

  private static func fail(_ steering: TestingV1.Steering?) throws {
    guard let steering, steering.failWithCode != 0 else { return }
    throw RPCError(code: StatusCode(rawValue: Int(steering.failWithCode)), message: steering.failWithMessage)
  }

  func echo(_ request: TestingV1.EchoRequest, context: ServerContext) async throws -> TestingV1.EchoResponse {
    try await Self.wait(request.steering)
    try Self.fail(request.steering)
    let asked = Self.payload(request.steering)
    return TestingV1.EchoResponse(text: request.text, payload: asked.isEmpty ? request.payload : asked)
  }

  func expand(
    _ request: TestingV1.ExpandRequest,
    responses: ResponseWriter<TestingV1.ExpandResponse>,
    context: ServerContext
  ) async throws {
    let payload = Self.payload(request.steering)
    for index in 0..<request.count {
      try await Self.wait(request.steering)
      try await responses.write(TestingV1.ExpandResponse(text: request.text, index: index, payload: payload))
    }
    try Self.fail(request.steering)
  }

  func collect(
    _ requests: RequestStream<TestingV1.CollectRequest>,
    context: ServerContext
  ) async throws -> TestingV1.CollectResponse {
    var response = TestingV1.CollectResponse()
    for try await request in requests {
      response.count += 1
      response.payloadBytes += Int64(request.payload.count)
      try await Self.wait(request.steering)
    }
    return response
  }

  func chat(
    _ requests: RequestStream<TestingV1.ChatRequest>,
    responses: ResponseWriter<TestingV1.ChatResponse>,
    context: ServerContext
  ) async throws {
    for try await request in requests {
      try await Self.wait(request.steering)
      let asked = Self.payload(request.steering)
      try await responses.write(
        TestingV1.ChatResponse(text: request.text, payload: asked.isEmpty ? request.payload : asked)
      )
    }
  }
}
