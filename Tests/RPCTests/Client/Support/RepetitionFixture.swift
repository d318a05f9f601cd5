import TestAPI
import Testing

@testable import RPC

extension ServiceConfig {
  /// Makes a config that retries after UNAVAILABLE with this longest pause.
  static func retrying(
    attempts: Int = 4,
    backoff: String = "0.001s",
    throttling: String = ""
  ) throws -> ServiceConfig {
    try ServiceConfig(
      json: """
        {
          "methodConfig": [{
            "name": [{}],
            "retryPolicy": {
              "maxAttempts": \(attempts), "initialBackoff": "\(backoff)", "maxBackoff": "\(backoff)",
              "backoffMultiplier": 1, "retryableStatusCodes": ["UNAVAILABLE"]
            }
          }]
          \(throttling.isEmpty ? "" : ", \"retryThrottling\": \(throttling)")
        }
        """
    )
  }

  /// Makes a config that hedges, with UNAVAILABLE as a non-fatal status.
  static func hedging(attempts: Int = 3, delay: String = "0s", throttling: String = "") throws -> ServiceConfig {
    try ServiceConfig(
      json: """
        {
          "methodConfig": [{
            "name": [{}],
            "hedgingPolicy": {
              "maxAttempts": \(attempts), "hedgingDelay": "\(delay)", "nonFatalStatusCodes": ["UNAVAILABLE"]
            }
          }]
          \(throttling.isEmpty ? "" : ", \"retryThrottling\": \(throttling)")
        }
        """
    )
  }
}

extension ScriptedConnection {
  /// Ends a stream with only a status.
  func fail(_ stream: Int32, status: StatusCode = .unavailable, pushback: String? = nil) {
    var fields = [
      Frame.Field(name: ":status", value: "200"),
      Frame.Field(name: "content-type", value: "application/grpc"),
      Frame.Field(name: "grpc-status", value: "\(status.rawValue)"),
    ]
    if let pushback { fields.append(Frame.Field(name: "grpc-retry-pushback-ms", value: pushback)) }
    send(.headers(stream, fields, endStream: true))
  }

  /// Waits for `count` requests in the order of their streams.
  func requests(_ count: Int) async throws -> [ScriptedRequest] {
    var requests: [ScriptedRequest] = []
    for _ in 0..<count { requests.append(try await request()) }
    return requests
  }
}

extension ScriptedRequest {
  var previousAttempts: String? { self["grpc-previous-rpc-attempts"] }
}
