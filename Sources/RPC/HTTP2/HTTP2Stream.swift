/// One stream of an ``HTTP2Session``: what a server's or client's call inherits from.
///
/// The session holds the stream while it is open and calls the `did…` methods from inside
/// ``HTTP2Session/receive(_:)`` and ``HTTP2Session/drain(upTo:)``, on the connection's event loop. Inside them every
/// `submit…` of the session is allowed, but neither `receive` nor `drain`. Confined to the event loop.
class HTTP2Stream {
  /// The number of the stream; 0 until it is opened.
  @exclusivity(unchecked) final var id: Int32 = 0
  /// The session, until the stream is closed.
  @exclusivity(unchecked) final unowned(unsafe) var session: HTTP2Session?
  /// Where the session keeps the stream among the open ones.
  @exclusivity(unchecked) final var position = -1
  /// What is left to send.
  @exclusivity(unchecked) final var outgoing = OutgoingBody()
  /// The header bytes of the current block, counted as RFC 9113 section 6.5.2 does (name + value + 32 for each).
  @exclusivity(unchecked) final var headerListBytes = 0

  /// Whether the session gave the request up before any of it was sent, so that trying again is safe.
  @exclusivity(unchecked) final var wasNeverSent = false

  init() {}

  /// Whether the stream is open as far as the session knows.
  final var isOpen: Bool { session != nil }

  /// A header block begins: the headers, or the trailers when headers came before.
  func didBeginHeaders() {}

  /// One field; the bytes are valid only during the call.
  func didReceiveHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {}

  /// The block is complete.
  func didReceiveHeaders(endStream: Bool) {}

  /// A piece of the body. Credit for it is returned with ``HTTP2Session/returnCredit(stream:bytes:)`` when it has been
  /// used; the connection's credit has been returned already. The bytes are valid only during the call.
  func didReceiveData(_ bytes: UnsafeRawBufferPointer) {}

  /// The peer sends no more. Not called after ``didReceiveHeaders(endStream:)`` with true.
  func didReceiveEnd() {}

  /// Bytes of ``outgoing`` have left; `remaining` are waiting.
  func didSend(bytes: Int, remaining: Int) {}

  /// The stream is gone: ended on both sides (`noError`), reset by either side, refused, or lost with the connection.
  /// Always the last call, exactly once.
  func didClose(_ code: HTTP2ErrorCode) {}
}

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
