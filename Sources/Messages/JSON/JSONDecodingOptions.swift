/// How JSON becomes messages.
public struct JSONDecodingOptions: Sendable, Hashable {
  /// Whether unknown fields and enum values with unknown names are skipped instead of refused. Default false.
  public var ignoresUnknownFields: Bool

  /// How many bytes the JSON may have. Default 4 MiB, the size of the largest message a server accepts by default.
  public var bytesMaximum: Int

  /// Bounds on depth and memory. The memory bound applies twice: to the intermediate wire format and to the message.
  public var limits: DecodingLimits

  /// Makes options; whatever is not given has its default.
  ///
  /// - Parameters:
  ///   - ignoresUnknownFields: Whether unknown fields and enum names are skipped.
  ///   - bytesMaximum: Greatest number of bytes of JSON.
  ///   - limits: Bounds on depth and memory.
  public init(
    ignoresUnknownFields: Bool = false,
    bytesMaximum: Int = 4 * 1024 * 1024,
    limits: DecodingLimits = .defaults
  ) {
    self.ignoresUnknownFields = ignoresUnknownFields
    self.bytesMaximum = bytesMaximum
    self.limits = limits
  }

  /// The options used when none are given.
  public static let defaults = JSONDecodingOptions()
}
