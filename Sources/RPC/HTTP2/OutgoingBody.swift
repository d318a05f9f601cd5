/// What a stream has yet to send after its headers: bytes, then an end with or without trailers.
struct OutgoingBody: Sendable {
  /// How the body ends.
  enum End: Sendable {
    /// More may come.
    case open
    /// END_STREAM on the last DATA frame (a client's request).
    case endStream
    /// A last HEADERS frame of fixed fields (a server's successful answer).
    case fixedTrailers(StaticHeaders)
    /// A last HEADERS frame (a server's answer).
    case trailers(HeaderBlock)
  }

  var bytes = ByteQueue()
  var end = End.open
  /// Whether the session has been told that there is nothing to send now and must be woken.
  var isDeferred = false
}
