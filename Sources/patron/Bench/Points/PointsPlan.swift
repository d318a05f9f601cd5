/// What `patron bench-points` measures.
struct PointsPlan: Sendable {
  /// How long each measurement takes.
  var seconds = 15
  /// How often the two ledgers are measured beside each other.
  var rounds = 3
  var members = 1_000_000
  /// Whether a transaction a request is measured too.
  var comparesNaive = true
  /// How many members there are in the end, to see what more of them cost; nil leaves that out.
  var scaledMembers: Int? = 10_000_000
  /// How long the service's memory is watched under load; 0 leaves that out.
  var memoryMinutes = 5
}
