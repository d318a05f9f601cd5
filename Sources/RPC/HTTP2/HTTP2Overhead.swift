/// What a peer does that serves no call. A little of it is part of the protocol, a flood of it is an attack (RFC 9113
/// section 10.5).
enum HTTP2Overhead: Sendable, Hashable {
  /// It reset a stream (CVE-2023-44487, "rapid reset").
  case reset
  /// It made us reset a stream by breaking the rules of the stream (CVE-2025-8671, "MadeYouReset").
  case fault
  /// It sent SETTINGS, PING, PRIORITY, WINDOW_UPDATE or GOAWAY, a frame of an unknown type, or DATA that neither
  /// carries nor ends anything; or it opened a stream that had to be refused.
  case control
}
