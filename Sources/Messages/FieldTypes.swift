/// A message stored outside the structure that contains it, so that a type can contain itself.
public final class Indirect<Value: Message>: Sendable, Hashable {
  /// The message.
  public let value: Value

  /// Boxes a message.
  ///
  /// - Parameter value: The message to store.
  public init(_ value: Value) {
    self.value = value
  }

  public static func == (left: Indirect, right: Indirect) -> Bool {
    left === right || left.value == right.value
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(value)
  }
}

/// A proto enum: a number with names.
///
/// A structure rather than a Swift enum, so that a value added by a newer peer survives and no `switch` breaks.
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
