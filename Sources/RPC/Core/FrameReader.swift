/// Splits a call's bytes into messages: a flag byte, a 4-byte big-endian length, then the message
/// (grpc doc/PROTOCOL-HTTP2.md, "Length-Prefixed-Message").
///
/// A message may be split over any number of DATA frames. The announced length is validated before any byte of the
/// message is stored, and memory grows with the bytes received, not with the length announced.
struct FrameReader: Sendable {
  /// One framed message.
  struct Message: Sendable, Hashable {
    /// Whether the peer compressed the bytes with the call's `grpc-encoding`.
    var isCompressed: Bool
    var bytes: [UInt8]
  }

  enum Failure: Error, Hashable {
    /// The length exceeds the limit.
    case tooLarge(length: Int)
    /// The flag byte is neither 0 nor 1.
    case invalidFlag(UInt8)
  }

  static let headerLength = 5
  /// How many bytes are reserved for a message before they arrive. Malloc allocates blocks of this size from the system
  /// (its M_MMAP_THRESHOLD), so only the used part of a reserve costs memory, and freeing it leaves no gap.
  private static let reserveMaximum = 128 << 10

  /// The greatest size of a message.
  let messageBytesMaximum: Int

  private var header: (flag: UInt8, length: UInt32) = (0, 0)
  private var headerBytes = 0
  private var partial: [UInt8] = []

  init(messageBytesMaximum: Int) { self.messageBytesMaximum = messageBytesMaximum }

  /// Whether a message is incomplete.
  var isInsideMessage: Bool { headerBytes > 0 }

  /// How many bytes of the incomplete message are buffered.
  var bufferedBytes: Int { headerBytes + partial.count }

  /// Consumes bytes from the front of `chunk` up to the end of the next message.
  ///
  /// Call it until it returns nil. Then `chunk` is empty and more bytes are needed.
  mutating func next(from chunk: inout UnsafeRawBufferPointer) throws(Failure) -> Message? {
    if headerBytes < Self.headerLength {
      guard try readHeader(from: &chunk) else { return nil }
    }
    let length = Int(header.length)
    let missing = length - partial.count
    if chunk.count < missing {
      if partial.isEmpty { partial.reserveCapacity(min(length, Self.reserveMaximum)) }
      partial.append(contentsOf: chunk)
      chunk = UnsafeRawBufferPointer(start: nil, count: 0)
      return nil
    }
    let rest = UnsafeRawBufferPointer(rebasing: chunk[..<missing])
    chunk = UnsafeRawBufferPointer(rebasing: chunk[missing...])
    headerBytes = 0
    if partial.isEmpty { return Message(isCompressed: header.flag == 1, bytes: Array(rest)) }
    partial.append(contentsOf: rest)
    defer { partial = [] }
    return Message(isCompressed: header.flag == 1, bytes: partial)
  }

  /// - Returns: Whether the header is complete.
  private mutating func readHeader(from chunk: inout UnsafeRawBufferPointer) throws(Failure) -> Bool {
    var taken = 0
    while headerBytes < Self.headerLength {
      guard taken < chunk.count else {
        chunk = UnsafeRawBufferPointer(start: nil, count: 0)
        return false
      }
      let byte = chunk[taken]
      taken += 1
      if headerBytes == 0 { header = (byte, 0) } else { header.length = header.length << 8 | UInt32(byte) }
      headerBytes += 1
    }
    chunk = UnsafeRawBufferPointer(rebasing: chunk[taken...])
    guard header.flag <= 1 else { throw .invalidFlag(header.flag) }
    guard Int(header.length) <= messageBytesMaximum else { throw .tooLarge(length: Int(header.length)) }
    return true
  }
}

extension FrameReader.Failure {
  /// Makes the error that ends the call.
  func error(limit: Int) -> RPCError {
    switch self {
    case .tooLarge(let length):
      RPCError(
        .resourceExhausted,
        .messageTooLarge,
        "received message of \(length) bytes is larger than the limit of \(limit) bytes",
        info: ["limit_bytes": "\(limit)"]
      )
    case .invalidFlag(let flag):
      RPCError(.internalError, .malformedMessage, "received message with invalid compression flag \(flag)")
    }
  }
}

/// Writes the headers that ``FrameReader`` reads.
enum FrameHeader {
  static let length = FrameReader.headerLength

  /// Writes the first five bytes of `frame`, whose message is everything after them.
  static func write(to frame: UnsafeMutableRawBufferPointer, isCompressed: Bool = false) {
    write(to: frame, flag: isCompressed ? 1 : 0)
  }

  /// Writes the first five bytes with another flag, such as that of the last frame of gRPC-Web and Connect.
  static func write(to frame: UnsafeMutableRawBufferPointer, flag: UInt8) {
    precondition(frame.count >= length)
    frame[0] = flag
    frame.storeBytes(of: UInt32(frame.count - length).bigEndian, toByteOffset: 1, as: UInt32.self)
  }

  /// Returns whether the message of a frame is marked as compressed.
  static func isCompressed(_ frame: [UInt8]) -> Bool { frame.first == 1 }

  /// Frames `message`.
  static func frame(_ message: [UInt8], isCompressed: Bool = false) -> [UInt8] {
    frame(message, flag: isCompressed ? 1 : 0)
  }

  /// Frames `message` with another flag.
  static func frame(_ message: [UInt8], flag: UInt8) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: length + message.count) { buffer, count in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      message.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: raw[length...]).copyMemory(from: $0) }
      write(to: UnsafeMutableRawBufferPointer(rebasing: raw[..<(length + message.count)]), flag: flag)
      count = length + message.count
    }
  }
}
