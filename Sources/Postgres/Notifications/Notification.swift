/// What `NOTIFY` sent, or word that notifications may have been missed.
public struct Notification: Sendable, Hashable {
  /// The channel's name.
  public var channel: String

  /// What the sender added; empty when it added nothing.
  public var payload: String

  /// The server process that sent it; 0 when ``mayHaveMissed``.
  public var processID: Int32

  /// True for an element that PostgreSQL did not send: the connection was lost and made again, or more came than the
  /// reader took, so notifications before this one may be missing. Look at the tables.
  public var mayHaveMissed: Bool

  init(channel: String, payload: String, processID: Int32, mayHaveMissed: Bool = false) {
    self.channel = channel
    self.payload = payload
    self.processID = processID
    self.mayHaveMissed = mayHaveMissed
  }
}
