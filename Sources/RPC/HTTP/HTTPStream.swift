/// One stream of an ``HTTPSession``: a request and its answer, the base class of server and client calls.
///
/// The session retains the stream while it is open and calls the `did…` methods from inside its `receive` and
/// ``HTTPSession/drain(into:upTo:)``, on the connection's event loop. They may call every
/// `submit…` of the session, but neither `receive` nor `drain`. Confined to the event loop.
class HTTPStream {
  /// The number of the stream, 0 until it is opened.
  @exclusivity(unchecked) final var id: Int32 = 0
  /// The session, until the stream is closed.
  @exclusivity(unchecked) final unowned(unsafe) var session: HTTPSession?
  /// Index among the session's open streams.
  @exclusivity(unchecked) final var position = -1
  /// The unsent rest of the body.
  @exclusivity(unchecked) final var outgoing = OutgoingBody()
  /// The header bytes of the current block, counted as in RFC 9113 section 6.5.2 (name + value + 32 for each).
  @exclusivity(unchecked) final var headerListBytes = 0

  /// Whether the session dropped the request before any of it was sent, so that repeating it is safe.
  @exclusivity(unchecked) final var wasNeverSent = false

  init() {}

  /// Whether the stream is open.
  final var isOpen: Bool { session != nil }

  /// Handles the start of a header block: the headers, or the trailers after them.
  func didBeginHeaders() {}

  /// Handles one field. The bytes are valid only during the call.
  func didReceiveHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {}

  /// Handles the end of the block.
  func didReceiveHeaders(endStream: Bool) {}

  /// Handles a piece of the body. Its credit is returned by ``HTTPSession/returnCredit(stream:bytes:)`` after use; the
  /// connection's credit has been returned. The bytes are valid only during the call.
  func didReceiveData(_ bytes: UnsafeRawBufferPointer) {}

  /// Handles the end of the peer's body. Not called after ``didReceiveHeaders(endStream:)`` with true.
  func didReceiveEnd() {}

  /// Handles sent bytes of ``outgoing``, of which `remaining` are left.
  func didSend(bytes: Int, remaining: Int) {}

  /// Handles the end of the stream: ended on both sides (`noError`), reset by either side, refused, or lost with the
  /// connection. Always the last call, exactly once.
  func didClose(_ code: HTTP2ErrorCode) {}
}

/// The unsent part of a stream after its headers: bytes, then an end with or without trailers.
struct OutgoingBody: Sendable {
  /// How the body ends.
  enum End: Sendable {
    /// More may follow.
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
  /// Whether the session waits for output and must be woken.
  var isDeferred = false
}
