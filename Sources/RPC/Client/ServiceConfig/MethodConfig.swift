/// What a service config says of the calls of some methods.
public struct MethodConfig: Sendable, Equatable {
  /// Which methods are meant. Of the entries that name a method the most exact counts, and only that one.
  public struct Name: Sendable, Hashable {
    /// The full name of the service; empty for all methods of all services.
    public var service: String
    /// The method's own name; empty for all methods of the service.
    public var method: String

    /// Makes a name; without parts it means every method.
    public init(service: String = "", method: String = "") {
      self.service = service
      self.method = method
    }
  }

  /// What the entry is for. With no names it is for nothing.
  public var names: [Name]
  /// Whether calls wait for a connection instead of failing, unless they say so themselves
  /// (``CallOptions/waitForReady``).
  public var waitForReady: Bool?
  /// The longest that a call may take, all its attempts together. Its own ``CallOptions/timeout`` may be shorter.
  public var timeout: Duration?
  /// The largest request message, in bytes; the smaller of it and the limit that holds otherwise counts.
  public var requestBytesMaximum: Int?
  /// The largest response message, in bytes; the smaller of it and the limit that holds otherwise counts.
  public var responseBytesMaximum: Int?
  /// Whether a call may be sent more than once; nil, the default, only when no server can have acted on it.
  public var attempts: AttemptPolicy?

  /// Makes an entry; whatever is not given is left as it is without one.
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
