import RPC
import TestAPI

/// How long a soak case goes on and what it tolerates.
struct SoakSettings: Sendable {
  var iterations: Int
  /// Calls that may fail or take too long.
  var failuresMaximum: Int
  /// How long one call may take.
  var latencyMaximum: Duration
  /// Between the starts of two calls.
  var interval: Duration
  /// For all calls together.
  var timeout: Duration
  var requestBytes: Int
  var responseBytes: Int
}

extension CaseRun {
  /// Large calls on one channel.
  func rpcSoak() async throws {
    try await soak { try await soakCall(on: client) }
  }

  /// Large calls, each on a channel of its own.
  func channelSoak() async throws {
    try await soak {
      let channel = RPC.Channel(target: settings.target, configuration: settings.configuration)
      do {
        try await soakCall(on: GrpcTesting.TestServiceClient(channel))
        await channel.close()
      } catch {
        await channel.close()
        throw error
      }
    }
  }

  private func soakCall(on client: GrpcTesting.TestServiceClient) async throws {
    let request = GrpcTesting.SimpleRequest(
      responseSize: Int32(clamping: settings.soak.responseBytes),
      payload: payload(settings.soak.requestBytes)
    )
    let response = try await client.unaryCall(request, options: options())
    try require("the payload", response.payload, isZeros: settings.soak.responseBytes)
  }

  private func soak(_ body: () async throws -> Void) async throws {
    let clock = ContinuousClock()
    let end = clock.now + settings.soak.timeout
    var failures: [any Error] = []
    for iteration in 0..<settings.soak.iterations {
      let start = clock.now
      guard start < end else { throw CaseFailure("time ran out after \(iteration) calls") }
      do {
        try await body()
        let latency = clock.now - start
        if latency > settings.soak.latencyMaximum { failures.append(CaseFailure("a call took \(latency)")) }
      } catch {
        failures.append(error)
      }
      try await clock.sleep(until: start + settings.soak.interval)
    }
    if failures.count > settings.soak.failuresMaximum, let first = failures.first {
      throw CaseFailure("\(failures.count) of \(settings.soak.iterations) calls failed, the first with: \(first)")
    }
  }
}
