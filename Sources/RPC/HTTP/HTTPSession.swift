import NIOCore

/// The protocol state of one HTTP connection without sockets, whatever its version: streams of requests and answers.
///
/// Usage by a connection, all on its event loop: bytes or parsed parts from the socket go to the subclass's `receive`.
/// Events reach the streams during the call. After that, or whenever something was submitted, ``drain(into:upTo:)``
/// and write the buffer. When ``isFinished``, close the socket. When the socket is lost: ``close(_:)``.
class HTTPSession {
  /// The open streams, unordered.
  @exclusivity(unchecked) final var streams: [HTTPStream] = []

  /// Answers a stream (server) with the response headers, followed by the stream's outgoing bytes.
  /// - Parameter endStream: Whether the headers are the whole answer.
  func submitResponse(_ stream: HTTPStream, headers: HeaderBlock, endStream: Bool) {
    preconditionFailure("a subclass answers")
  }

  /// Continues to send the outgoing bytes of a stream that had none.
  func resume(_ stream: HTTPStream) {}

  /// Ends a stream at once. Nothing more of it is sent.
  func reset(_ stream: HTTPStream, _ code: HTTP2ErrorCode) { preconditionFailure("a subclass resets") }

  /// Allows the peer to send `bytes` more on the stream.
  func returnCredit(stream: HTTPStream, bytes: Int) {}

  /// Appends the next output to a buffer that several sessions may share, about `bytesMaximum` bytes at most.
  ///
  /// The body stays in the streams until it is drained, so a slow socket buffers at most `bytesMaximum`.
  func drain(into output: inout ByteBuffer, upTo bytesMaximum: Int) throws(HTTP2SessionError) {}

  /// Whether the session has neither input nor output left, so that the socket may be closed.
  var isFinished: Bool { false }

  /// Ends the session after the present output, even with open streams.
  func terminate(_ code: HTTP2ErrorCode) {}

  /// Closes every open stream because the connection is lost. The session must not be used afterwards.
  func close(_ code: HTTP2ErrorCode) {
    let open = streams
    streams = []
    for stream in open {
      stream.session = nil
      stream.didClose(code)
    }
  }

  /// The number of frames to drain, without streams that have nothing to send now.
  var outboundFrames: Int { 0 }

  // MARK: Bodies

  /// Appends to the body of a stream whose request or response was or will be submitted.
  final func send(_ bytes: UnsafeRawBufferPointer, on stream: HTTPStream) {
    guard stream.isOpen else { return }
    stream.outgoing.bytes.append(bytes)
    resumeIfDeferred(stream)
  }

  /// Appends to the body of a stream whose request or response was or will be submitted.
  final func send(_ bytes: [UInt8], on stream: HTTPStream) {
    guard stream.isOpen else { return }
    stream.outgoing.bytes.append(bytes)
    resumeIfDeferred(stream)
  }

  /// Ends the body after the bytes appended so far.
  final func finish(_ stream: HTTPStream, endingWith end: OutgoingBody.End) {
    guard stream.isOpen else { return }
    stream.outgoing.end = end
    resumeIfDeferred(stream)
  }

  private func resumeIfDeferred(_ stream: HTTPStream) {
    guard stream.outgoing.isDeferred else { return }
    stream.outgoing.isDeferred = false
    resume(stream)
  }

  /// Registers an opened stream.
  final func insert(_ stream: HTTPStream, id: Int32) {
    stream.id = id
    stream.session = self
    stream.position = streams.count
    streams.append(stream)
  }

  /// Forgets a stream that has ended.
  final func forget(_ stream: HTTPStream) {
    let last = streams.removeLast()
    if last !== stream {
      last.position = stream.position
      streams[stream.position] = last
    }
    stream.position = -1
    stream.session = nil
  }
}
