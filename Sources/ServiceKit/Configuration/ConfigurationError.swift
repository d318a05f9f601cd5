/// Everything that is wrong with a service's configuration, told at once.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
  /// One sentence per problem: which setting, where it was given, and what it must be.
  public let problems: [String]

  /// The problems, one a line.
  public var description: String { problems.joined(separator: "\n") }
}
