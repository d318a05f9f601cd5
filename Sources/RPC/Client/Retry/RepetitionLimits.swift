/// What bounds how calls are repeated, for all lanes of a channel together.
struct RepetitionLimits: Sendable {
  /// Nil when the service config sets none.
  let throttle: RetryThrottle?
  let replay: ReplayBudget

  init(_ configuration: ChannelConfiguration) {
    throttle = configuration.serviceConfig.retryThrottling.map { RetryThrottle($0) }
    replay = ReplayBudget(bytesMaximum: configuration.limits.replayBytesOfAllCalls)
  }
}
