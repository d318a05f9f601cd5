internal import Logging
internal import RPC

extension Channel {
  /// The way of a benchmark to a service: a connection takes 100 calls at a time, and there are more under way.
  static func forBenchmark(_ target: String) throws -> Channel {
    var configuration = ChannelConfiguration()
    configuration.limits.connectionsPerAddressMaximum = 16
    return try Channel(target: target, configuration: configuration, logger: .silent)
  }
}
