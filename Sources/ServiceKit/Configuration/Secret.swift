/// A value that must not be shown: printing it, logging it or dumping it gives three stars.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The value itself. Pass it where it is needed, nowhere else.
  public let value: String

  /// Wraps a value.
  public init(_ value: String) {
    self.value = value
  }

  /// Three stars.
  public var description: String { "***" }
  /// Three stars.
  public var debugDescription: String { "***" }
  /// Nothing to see for `dump` and `Mirror`.
  public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
