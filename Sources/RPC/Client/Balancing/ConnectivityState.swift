/// What a channel, or one address of it, can do for a call now (grpc/grpc doc/connectivity-semantics-and-api.md).
enum ConnectivityState: Sendable, Hashable {
  /// Not connected, and not trying: the next call starts an attempt.
  case idle
  case connecting
  case ready
  /// The last attempt failed; another follows after a pause. Calls that do not wait for readiness fail.
  case transientFailure
}
