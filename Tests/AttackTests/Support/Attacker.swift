import Glibc

/// One connection of an attacker: a blocking socket and bytes written by hand. Every wait is bounded.
final class Attacker {
  enum Failure: Error, Equatable {
    case system(errno: Int32)
    /// Nothing arrived before the time-out.
    case silence
    /// The server closed the connection before the expected frame.
    case ended
  }

  struct GoAway: Equatable {
    var code: UInt32
    var text: String

    static let enhanceYourCalm: UInt32 = 11
  }

  /// The time-out of every wait.
  static let patienceSeconds = 20

  private let socket: Int32
  private var buffer: [UInt8] = []
  private var position = 0
  private let headers = HeaderReader()
  private var waiting: [Frame] = []
  /// The credit of each stream.
  private var credit: [UInt32: Int] = [:]
  private(set) var hasEnded = false
  /// The bytes received, including the headers of all frames.
  private(set) var bytesReceived = 0
  /// The last GOAWAY.
  private(set) var goAway: GoAway?
  /// What was received over HTTP/1.1, which is no frames.
  var text: String { String(decoding: buffer, as: UTF8.self) }

  /// Connects without sending anything.
  init(port: Int, receiveBufferBytes: Int32? = nil) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw Failure.system(errno: errno) }
    if var receiveBufferBytes {
      setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBufferBytes, socklen_t(MemoryLayout<Int32>.size))
    }
    var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    var noDelay: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure.system(errno: errno) }
  }

  deinit { close(socket) }

  /// Connects and sends what every client sends first.
  static func greeting(port: Int, settings: Frame = .settings()) throws -> Attacker {
    let attacker = try Attacker(port: port)
    attacker.send(Frame.preface + settings.bytes + Frame.settingsAcknowledgement.bytes)
    return attacker
  }

  // MARK: Writing

  /// - Returns: False when the server has closed the connection, or no longer reads.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  @discardableResult
  func send(_ frames: Frame...) -> Bool { send(frames.flatMap(\.bytes)) }

  /// Sends the same bytes repeatedly and reads meanwhile, until the server closes the connection.
  ///
  /// - Returns: How often they were sent.
  func flood(_ bytes: [UInt8], times: Int) -> Int {
    var sent = 0
    while sent < times, !hasEnded, send(bytes) {
      sent += 1
      take()
    }
    return sent
  }

  /// Sends a whole body as fast as the server returns credit for the stream, and ends the stream. Stops when the server
  /// does not need the rest.
  func sendBody(_ bytes: [UInt8], on stream: UInt32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(min(16_384, credit[stream, default: Self.windowBytes])))
      rest = rest.dropFirst(piece.count)
      if !piece.isEmpty {
        credit[stream, default: Self.windowBytes] -= piece.count
        send(.data(stream, piece, endStream: rest.isEmpty))
        take()
      } else if credit[stream] == 0 {
        guard receive(flags: 0) else { throw hasEnded ? Failure.ended : Failure.silence }
        parse()
      }
      if waiting.contains(where: { $0.stream == stream && ($0.endsStream || $0.kind == Frame.Kind.resetStream) }) {
        return
      }
    }
  }

  /// The initial window of each stream.
  private static let windowBytes = 256 << 10

  // MARK: Reading

  /// Reads what has arrived, without waiting.
  func take() {
    while receive(flags: Int32(MSG_DONTWAIT)) {}
    parse()
  }

  /// Waits for the next frame that `isWanted`. Drops those before it.
  func next(_ isWanted: (Frame) -> Bool) throws -> Frame {
    try wait { dropping(until: isWanted) }
  }

  /// Waits for the next frame of a stream. Stores those of others.
  private func next(on stream: UInt32) throws -> Frame {
    try wait { waiting.firstIndex { $0.stream == stream }.map { waiting.remove(at: $0) } }
  }

  /// Reads until `found` returns a frame.
  private func wait(_ found: () -> Frame?) throws -> Frame {
    while true {
      parse()
      if let frame = found() { return frame }
      guard !hasEnded else { throw Failure.ended }
      guard receive(flags: 0) || hasEnded else { throw Failure.silence }
    }
  }

  /// Returns an arrived frame that `isWanted`, and drops those before it. Nil when there is none.
  private func dropping(until isWanted: (Frame) -> Bool) -> Frame? {
    while !waiting.isEmpty {
      let frame = waiting.removeFirst()
      if isWanted(frame) { return frame }
    }
    return nil
  }

  /// Reads what has arrived, returns the first frame that `isWanted`, and drops those before it. Nil when there is none.
  func nextNow(_ isWanted: (Frame) -> Bool) -> Frame? {
    take()
    return dropping(until: isWanted)
  }

  /// Sends the same few bytes repeatedly with pauses, until a frame arrives that `isWanted`.
  func dribble(_ bytes: [UInt8], until isWanted: (Frame) -> Bool) throws -> Frame {
    for _ in 0..<(Self.patienceSeconds * 1000 / Self.pauseMilliseconds) {
      if let frame = nextNow(isWanted) { return frame }
      guard !hasEnded else { throw Failure.ended }
      send(bytes)
      Self.pause()
    }
    throw Failure.silence
  }

  private static let pauseMilliseconds = 20

  /// Pauses between two pieces of a slow request.
  static func pause() { usleep(UInt32(pauseMilliseconds * 1000)) }

  /// Reads until the server closes the connection.
  func readToEnd() throws {
    while !hasEnded {
      guard receive(flags: 0) || hasEnded else { throw Failure.silence }
      parse()
    }
  }

  /// The end of a stream.
  enum Answer: Equatable {
    /// The fields of all its headers and trailers.
    case fields([String: String])
    case reset(code: UInt32)
  }

  /// Reads a stream to its end. Stores frames of other streams, because answers arrive in any order.
  func answer(_ stream: UInt32) throws -> Answer {
    var fields: [String: String] = [:]
    while true {
      let frame = try next(on: stream)
      switch frame.kind {
      case Frame.Kind.headers: fields.merge(headers.fields(frame.payload)) { $1 }
      case Frame.Kind.resetStream: return .reset(code: frame.number)
      default: break
      }
      if frame.endsStream { return .fields(fields) }
    }
  }

  /// - Returns: Whether anything was received.
  private func receive(flags: Int32) -> Bool {
    guard !hasEnded else { return false }
    let count = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { chunk in
      let count = recv(socket, chunk.baseAddress, chunk.count, flags)
      if count > 0 { buffer.append(contentsOf: chunk[..<count]) }
      return count
    }
    if count > 0 {
      bytesReceived += count
      return true
    }
    if count == 0 || (errno != EAGAIN && errno != EINTR) { hasEnded = true }
    return false
  }

  private func parse() {
    while let frame = nextFrame() {
      if frame.kind == Frame.Kind.goAway {
        let code = frame.payload.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        let text = String(decoding: frame.payload.dropFirst(8), as: UTF8.self)
        // The last one, which closes the connection, has no text.
        if goAway?.code != code || !text.isEmpty { goAway = GoAway(code: code, text: text) }
      }
      if frame.kind == Frame.Kind.windowUpdate {
        credit[frame.stream, default: Self.windowBytes] += Int(frame.number)
      }
      waiting.append(frame)
    }
  }

  private func nextFrame() -> Frame? {
    guard buffer.count - position >= 9 else { return nil }
    let header = buffer[position..<(position + 9)]
    let numbers = header.map(UInt32.init)
    let length = Int(numbers[0] << 16 | numbers[1] << 8 | numbers[2])
    guard buffer.count - position >= 9 + length else { return nil }
    let stream = numbers[5] << 24 | numbers[6] << 16 | numbers[7] << 8 | numbers[8]
    let payload = Array(buffer[(position + 9)..<(position + 9 + length)])
    position += 9 + length
    if position == buffer.count || position > 1 << 20 {
      buffer.removeFirst(position)
      position = 0
    }
    return Frame(kind: UInt8(numbers[3]), flags: UInt8(numbers[4]), stream: stream, payload: payload)
  }
}
