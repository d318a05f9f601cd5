/// How long a server keeps a connection that works (gRFC A9). Everything is unlimited by default.
public struct ConnectionLifetime: Sendable, Hashable {
  /// How old a connection may become, give or take a tenth that is drawn for each; then its calls finish and it ends,
  /// and the client connects anew, perhaps to another server. Default nil, without end.
  public var ageMaximum: Duration?

  /// How long the calls of a connection that became too old may take before they are cut off. Default nil, as long as
  /// they need.
  public var ageGrace: Duration?

  /// How long a connection may be without calls before it is ended, at most a quarter later. Default nil, without
  /// end.
  public var idleMaximum: Duration?

  /// Without limits.
  public static let defaults = ConnectionLifetime()

  /// Makes a lifetime; whatever is not given is unlimited.
  public init(ageMaximum: Duration? = nil, ageGrace: Duration? = nil, idleMaximum: Duration? = nil) {
    self.ageMaximum = ageMaximum
    self.ageGrace = ageGrace
    self.idleMaximum = idleMaximum
  }
}
