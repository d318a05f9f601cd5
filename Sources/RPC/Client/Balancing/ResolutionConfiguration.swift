/// When a channel looks the addresses of its target up again (grpc/grpc doc/naming.md). Only host names are: literal
/// addresses and sockets do not change.
public struct ResolutionConfiguration: Sendable, Hashable {
  /// The least time between two look-ups that a lost or failed connection asks for: one lost connection may mean that a
  /// host moved, a hundred mean no more. Default 30 s, as in other gRPC implementations.
  public var minimumInterval: Duration

  /// How often addresses are looked up without such a cause, while the channel is in use. Without it `round_robin` learns
  /// of an added server only when a connection to another is lost. Nil looks for causes only. Default nil, as in other
  /// gRPC implementations, where servers limit the age of connections instead.
  public var period: Duration?

  /// Makes a configuration; whatever is not given has its default.
  public init(minimumInterval: Duration = .seconds(30), period: Duration? = nil) {
    self.minimumInterval = minimumInterval
    self.period = period
  }

  /// Not more often than every 30 s, and only for a cause.
  public static let defaults = ResolutionConfiguration()
}
