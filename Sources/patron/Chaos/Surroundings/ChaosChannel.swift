internal import Logging
internal import RPC

/// The way to a service that comes and goes.
enum ChaosChannel {
  /// Connects again at once when the service is back.
  static func open(_ target: String) throws -> Channel {
    var configuration = ChannelConfiguration.defaults
    configuration.backoff = BackoffConfiguration(
      initial: .milliseconds(10),
      maximum: .milliseconds(100),
      minimumConnectTimeout: .seconds(1)
    )
    configuration.closeGrace = .zero
    return try Channel(target: target, configuration: configuration, logger: .silent)
  }
}
