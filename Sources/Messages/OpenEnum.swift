/// A proto enum: a number with names.
///
/// The type is a structure rather than a Swift enum, so that a value added by a newer peer is kept as it is and no
/// `switch` breaks.
public protocol OpenEnum: RawRepresentable<Int32>, Sendable, Hashable, CustomStringConvertible {
  /// Makes the value with this number, known or not.
  init(rawValue: Int32)

  /// The values this version knows, in the order of the proto file, without aliases.
  static var allKnownValues: [Self] { get }

  /// The proto name of the value, such as `MEMBER_STATUS_ACTIVE`; nil when this version does not know it.
  var name: String? { get }
}

extension OpenEnum {
  /// The proto name of the value, or its number when this version does not know it.
  public var description: String {
    name ?? String(rawValue)
  }
}
