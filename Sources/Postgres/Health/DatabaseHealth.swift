/// Whether a database can be used.
public enum DatabaseHealth: Sendable {
  /// A statement was answered, in this time.
  case healthy(roundTrip: Duration)
  /// It was not, for this reason.
  case unhealthy(PostgresError)

  /// Whether the database can be used.
  public var isHealthy: Bool {
    if case .healthy = self { true } else { false }
  }
}
