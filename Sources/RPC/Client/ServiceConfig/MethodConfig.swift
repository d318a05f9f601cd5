/// The service config of some methods.
public struct MethodConfig: Sendable, Equatable {
  /// Selects methods. Only the most specific entry for a method applies.
  public struct Name: Sendable, Hashable {
    /// The full name of the service; empty for all methods of all services.
    public var service: String
    /// The method's own name; empty for all methods of the service.
    public var method: String

    /// Makes a name. Without parts it selects every method.
    public init(service: String = "", method: String = "") {
      self.service = service
      self.method = method
    }
  }

  /// The selected methods. Without names the entry applies to nothing.
  public var names: [Name]
  /// Whether calls wait for a connection instead of failing, unless they decide themselves
  /// (``CallOptions/waitForReady``).
  public var waitForReady: Bool?
  /// The greatest duration of a call with all its attempts. Its own ``CallOptions/timeout`` may be shorter.
  public var timeout: Duration?
  /// The largest request message in bytes. The smaller of it and the other limits applies.
  public var requestBytesMaximum: Int?
  /// The largest response message in bytes. The smaller of it and the other limits applies.
  public var responseBytesMaximum: Int?
  /// How a call may be repeated. Nil, the default: only when no server can have acted on it.
  public var attempts: AttemptPolicy?

  /// Makes an entry. Omitted parameters change nothing.
  public init(
    names: [Name],
    waitForReady: Bool? = nil,
    timeout: Duration? = nil,
    requestBytesMaximum: Int? = nil,
    responseBytesMaximum: Int? = nil,
    attempts: AttemptPolicy? = nil
  ) {
    self.names = names
    self.waitForReady = waitForReady
    self.timeout = timeout
    self.requestBytesMaximum = requestBytesMaximum
    self.responseBytesMaximum = responseBytesMaximum
    self.attempts = attempts
  }
}
