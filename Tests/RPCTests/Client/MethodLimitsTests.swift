import Messages
import TestAPI
import Testing

@testable import RPC

@Suite("Message limits of single methods on the client (row 2)", .timeLimit(.minutes(1)))
struct MethodLimitsTests {
  private func limits(_ change: (inout ChannelLimits) -> Void) -> ChannelLimits {
    var limits = ChannelLimits.defaults
    change(&limits)
    return limits
  }

  private func echo(
    _ text: String,
    limits: ChannelLimits,
    options: CallOptions = .init(),
    method: String = "Echo"
  ) async throws -> String {
    let methods = [Scripted.echo, Scripted.unary("Other") { request, _ in .init(text: request.text) }]
    var answer = ""
    try await withServer(methods) { _, address in
      let channel = try ClientFixture(target: "\(address)", limits: limits).channel
      let descriptor = MethodDescriptor(service: Scripted.serviceDescriptor.fullName, name: method, kind: .unary)
      let response: Scripted.Response = try await channel.unary(
        descriptor,
        Scripted.Request(text: text),
        options: options
      )
      answer = response.text
    }
    return answer
  }

  private static let name = "patron.testing.v1.Scripted/Echo"
  private static let text = String(repeating: "x", count: 1000)

  @Test("a response over its method's limit is RESOURCE_EXHAUSTED; other methods keep the channel's")
  func response() async throws {
    let limits = limits { $0.receivedMessageBytesByMethod[Self.name] = 500 }
    let error = try await rpcError { try await echo(Self.text, limits: limits) }
    #expect(error.code == .resourceExhausted)
    #expect(error.info?.reason == "MESSAGE_TOO_LARGE")
    #expect(try await echo(Self.text, limits: limits, method: "Other") == Self.text)
  }

  @Test("a request over its method's limit is RESOURCE_EXHAUSTED")
  func request() async throws {
    let limits = limits { $0.sentMessageBytesByMethod[Self.name] = 500 }
    let error = try await rpcError { try await echo(Self.text, limits: limits) }
    #expect(error.code == .resourceExhausted)
    #expect(error.info?.metadata["limit_bytes"] == "500")
    #expect(try await echo("short", limits: limits) == "short")
  }

  @Test("a call's own limits come before its method's")
  func override() async throws {
    let limits = limits {
      $0.receivedMessageBytesByMethod[Self.name] = 500
      $0.sentMessageBytesByMethod[Self.name] = 500
    }
    let options = CallOptions(requestBytesMaximum: 2000, responseBytesMaximum: 2000)
    #expect(try await echo(Self.text, limits: limits, options: options) == Self.text)
  }
}
