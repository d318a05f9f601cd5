internal import Logging
internal import RPC

/// The way of a load to its service.
enum LoadChannel {
  /// How many more calls may wait in the channel than the load leaves unanswered, for preparing and checking.
  private static let reserve = 1_000

  /// - Parameters:
  ///   - target: Where the service is.
  ///   - outstandingMaximum: How many requests the load may leave unanswered.
  static func open(_ target: String, outstandingMaximum: Int) throws -> Channel {
    var configuration = ChannelConfiguration.defaults
    configuration.limits.waitingCalls = outstandingMaximum + reserve
    configuration.closeGrace = .seconds(1)
    return try Channel(target: target, configuration: configuration, logger: .silent)
  }
}
