import ArgumentParser

/// The flags of `rpc_soak` and `channel_soak`, named as in gRPC's own test clients.
struct SoakOptions: ParsableArguments {
  @Option(name: [.customLong("soak_iterations"), .customLong("soak-iterations")], help: "How many calls to make.")
  var iterations = 10

  @Option(
    name: [.customLong("soak_max_failures"), .customLong("soak-max-failures")],
    help: "How many calls may fail or take too long."
  )
  var failuresMaximum = 0

  @Option(
    name: [
      .customLong("soak_per_iteration_max_acceptable_latency_ms"),
      .customLong("soak-per-iteration-max-acceptable-latency-ms"),
    ],
    help: "How long one call may take, in milliseconds."
  )
  var latencyMillisecondsMaximum = 1000

  @Option(
    name: [.customLong("soak_min_time_ms_between_rpcs"), .customLong("soak-min-time-ms-between-rpcs")],
    help: "How long to wait at least between the starts of two calls, in milliseconds."
  )
  var intervalMilliseconds = 0

  @Option(
    name: [.customLong("soak_overall_timeout_seconds"), .customLong("soak-overall-timeout-seconds")],
    help: "How long the whole case may take, in seconds."
  )
  var timeoutSeconds = 60

  @Option(
    name: [.customLong("soak_request_size"), .customLong("soak-request-size")],
    help: "The payload of each request, in bytes."
  )
  var requestBytes = Int(CaseRun.largeRequestBytes)

  @Option(
    name: [.customLong("soak_response_size"), .customLong("soak-response-size")],
    help: "The payload of each response, in bytes."
  )
  var responseBytes = CaseRun.largeResponseBytes

  func validate() throws {
    guard iterations > 0, failuresMaximum >= 0, latencyMillisecondsMaximum > 0, intervalMilliseconds >= 0,
      timeoutSeconds > 0, requestBytes >= 0, responseBytes >= 0
    else { throw ValidationError("the numbers of a soak case must not be negative") }
  }

  var settings: SoakSettings {
    SoakSettings(
      iterations: iterations,
      failuresMaximum: failuresMaximum,
      latencyMaximum: .milliseconds(latencyMillisecondsMaximum),
      interval: .milliseconds(intervalMilliseconds),
      timeout: .seconds(timeoutSeconds),
      requestBytes: requestBytes,
      responseBytes: responseBytes
    )
  }
}
