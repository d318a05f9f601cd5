import NIOCore
import NIOHTTP1

/// One request and its answer on an HTTP/1.1 connection.
struct HTTP1Exchange {
  let stream: HTTPStream
  /// Whether the connection serves another request afterwards.
  var keepsAlive: Bool
  /// Whether the client knows no chunks, so that the end of the connection ends the answer.
  let isHTTP10: Bool
  var isRequestComplete = false
  private(set) var isAnswerComplete = false

  private enum Framing { case none, length, chunks, connection }

  private var head: HeaderBlock?
  private var endsWithHead = false
  private var framing: Framing?

  init(_ stream: HTTPStream, keepsAlive: Bool, isHTTP10: Bool) {
    self.stream = stream
    self.keepsAlive = keepsAlive
    self.isHTTP10 = isHTTP10
  }

  mutating func submit(_ headers: HeaderBlock, endStream: Bool) {
    head = headers
    endsWithHead = endStream
  }

  /// Writes the answer as far as it is there.
  ///
  /// - Returns: Whether it is complete now.
  mutating func write(into output: inout ByteBuffer, upTo bytesMaximum: Int) -> Bool {
    guard !isAnswerComplete else { return false }
    if let head {
      self.head = nil
      writeHead(head, into: &output)
    }
    guard let framing else { return false }
    if framing != .none { writeBody(framing, into: &output, upTo: bytesMaximum) }
    guard framing == .none || isBodyWritten else { return false }
    if framing == .chunks { output.writeStaticString("0\r\n\r\n") }
    isAnswerComplete = true
    return true
  }

  /// Trailers do not exist here: protocols that need them are refused over HTTP/1.1.
  private var isBodyWritten: Bool {
    guard stream.outgoing.bytes.isEmpty else { return false }
    if case .open = stream.outgoing.end { return false }
    return true
  }

  private mutating func writeHead(_ headers: HeaderBlock, into output: inout ByteBuffer) {
    var hasLength = false
    var fields = ByteBuffer()
    headers.forEach { name, value in
      if name.equals(":status") {
        let status = Int(String(decoding: value, as: UTF8.self)) ?? 500
        output.writeString("HTTP/1.1 \(status) \(Self.reason(status))\r\n")
        return
      }
      if name.equals("content-length") { hasLength = true }
      fields.writeBytes(name)
      fields.writeStaticString(": ")
      fields.writeBytes(value)
      fields.writeStaticString("\r\n")
    }
    output.writeBuffer(&fields)
    framing = writeFraming(hasLength: hasLength, into: &output)
    output.writeString(keepsAlive ? isHTTP10 ? "connection: keep-alive\r\n\r\n" : "\r\n" : "connection: close\r\n\r\n")
  }

  /// Chooses how the client finds the end of the answer.
  private mutating func writeFraming(hasLength: Bool, into output: inout ByteBuffer) -> Framing {
    if endsWithHead {
      if !hasLength { output.writeStaticString("content-length: 0\r\n") }
      return .none
    }
    if hasLength { return .length }
    if case .open = stream.outgoing.end {
      guard isHTTP10 else {
        output.writeStaticString("transfer-encoding: chunked\r\n")
        return .chunks
      }
      keepsAlive = false
      return .connection
    }
    output.writeString("content-length: \(stream.outgoing.bytes.count)\r\n")
    return .length
  }

  private func writeBody(_ framing: Framing, into output: inout ByteBuffer, upTo bytesMaximum: Int) {
    let room = max(bytesMaximum - output.readableBytes, 1)
    let count = min(stream.outgoing.bytes.count, room)
    guard count > 0 else { return }
    if framing == .chunks { output.writeString(String(count, radix: 16) + "\r\n") }
    output.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { buffer in
      stream.outgoing.bytes.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
    }
    if framing == .chunks { output.writeStaticString("\r\n") }
    stream.didSend(bytes: count, remaining: stream.outgoing.bytes.count)
  }

  /// Returns the words after a status.
  static func reason(_ status: Int) -> String { HTTPResponseStatus(statusCode: status).reasonPhrase }
}
