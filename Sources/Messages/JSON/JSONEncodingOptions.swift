/// How messages become JSON.
public struct JSONEncodingOptions: Sendable, Hashable {
  /// Whether fields without presence are written when they have their default: numbers, booleans, strings, bytes,
  /// enums, lists and maps. Fields of message type, members of oneofs and `optional` fields are not written. Default
  /// false.
  public var writesDefaultValues: Bool

  /// Whether fields are named as in the proto file, such as `card_number`, instead of `cardNumber`. Default false.
  public var keepsProtoNames: Bool

  /// Whether enums are written as numbers instead of names. Default false.
  public var writesEnumsAsNumbers: Bool

  /// How many levels of messages may be nested below the outermost one, including those in a `google.protobuf.Any`.
  /// Default 100, as for decoding.
  public var depth: Int

  /// How many bytes the JSON may have. Default 64 MiB, the memory one decoded message may take.
  public var bytesMaximum: Int

  /// Makes options; whatever is not given has its default.
  ///
  /// - Parameters:
  ///   - writesDefaultValues: Whether fields at their default are written.
  ///   - keepsProtoNames: Whether fields are named as in the proto file.
  ///   - writesEnumsAsNumbers: Whether enums are written as numbers.
  ///   - depth: Greatest number of levels below the outermost message.
  ///   - bytesMaximum: Greatest number of bytes of JSON.
  public init(
    writesDefaultValues: Bool = false,
    keepsProtoNames: Bool = false,
    writesEnumsAsNumbers: Bool = false,
    depth: Int = DecodingLimits.defaults.depth,
    bytesMaximum: Int = DecodingLimits.defaults.arenaBytes
  ) {
    self.writesDefaultValues = writesDefaultValues
    self.keepsProtoNames = keepsProtoNames
    self.writesEnumsAsNumbers = writesEnumsAsNumbers
    self.depth = depth
    self.bytesMaximum = bytesMaximum
  }

  /// The options used when none are given.
  public static let defaults = JSONEncodingOptions()
}
