/// A message kept outside the structure that holds it, so that a type can contain itself.
public final class Indirect<Value: Message>: Sendable, Hashable {
  /// The message.
  public let value: Value

  /// Boxes a message.
  ///
  /// - Parameter value: The message to keep.
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
