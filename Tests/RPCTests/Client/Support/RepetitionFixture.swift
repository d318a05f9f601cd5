import TestAPI
import Testing

@testable import RPC

extension ServiceConfig {
  /// Retries after UNAVAILABLE; the longest pause is so many seconds.
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

  /// Hedges; UNAVAILABLE is not fatal.
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
  /// Ends a stream with a status and nothing before it.
  func fail(_ stream: Int32, status: StatusCode = .unavailable, pushback: String? = nil) {
    var fields = [
      Frame.Field(name: ":status", value: "200"),
      Frame.Field(name: "content-type", value: "application/grpc"),
      Frame.Field(name: "grpc-status", value: "\(status.rawValue)"),
    ]
    if let pushback { fields.append(Frame.Field(name: "grpc-retry-pushback-ms", value: pushback)) }
    send(.headers(stream, fields, endStream: true))
  }

  /// The streams of so many requests, in the order in which they were opened.
  func requests(_ count: Int) async throws -> [ScriptedRequest] {
    var requests: [ScriptedRequest] = []
    for _ in 0..<count { requests.append(try await request()) }
    return requests
  }
}

extension ScriptedRequest {
  var previousAttempts: String? { self["grpc-previous-rpc-attempts"] }
}
