/// Bounds on what one decoded message may cost.
public struct DecodingLimits: Sendable, Hashable {
  /// How many messages may lie inside each other below the outermost one. Default 100, the number other protocol buffer
  /// implementations use.
  public var depth: Int

  /// How many bytes of arena memory one message may take. Default 64 MiB: sixteen times the largest message a server
  /// accepts by default, which leaves room for lists of small messages (a C structure is larger than its wire form).
  public var arenaBytes: Int

  /// Makes limits; whatever is not given has its default.
  ///
  /// - Parameters:
  ///   - depth: Greatest number of levels below the outermost message.
  ///   - arenaBytes: Greatest number of arena bytes for one message.
  public init(depth: Int = 100, arenaBytes: Int = 64 * 1024 * 1024) {
    self.depth = depth
    self.arenaBytes = arenaBytes
  }

  /// The limits used when none are given.
  public static let defaults = DecodingLimits()
}
