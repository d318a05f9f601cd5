/// A failure of the runtime outside any call: a server that cannot start, an invalid configuration.
public struct RuntimeError: Error, Sendable {
  /// The kinds of failure, an open set.
  public struct Code: Sendable, Hashable {
    private let name: String

    private init(_ name: String) { self.name = name }

    /// Two services offer the same method.
    public static let duplicateMethod = Code("duplicate method")
    /// No address was configured, or listening on one failed.
    public static let cannotListen = Code("cannot listen")
    /// The server was started before, or shut down.
    public static let alreadyStarted = Code("already started")
    /// A setting has an invalid value.
    public static let invalidConfiguration = Code("invalid configuration")
  }

  /// The kind of failure.
  public var code: Code
  /// A sentence for the operator.
  public var message: String
  /// The cause.
  public var cause: (any Error)?

  /// Makes an error.
  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }
}

extension RuntimeError: CustomStringConvertible {
  /// The message and the cause.
  public var description: String { cause.map { "\(message): \($0)" } ?? message }
}
