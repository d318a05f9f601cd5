/// Names a typed value that interceptors hand to handlers through the ``ServerContext``, such as the caller's identity.
public protocol ServerContextKey {
  /// The type of the value.
  associatedtype Value: Sendable
}
