import Glibc

/// Reads and writes frames, each a length in four bytes, the lowest first, and that number of bytes.
struct FrameChannel {
  /// What went wrong with the channel.
  enum Failure: Error {
    /// The other side went away in the middle of a frame.
    case endedEarly
    /// The system refused to read or write.
    case system(errno: Int32)
    /// A frame is longer than the limit.
    case frameTooLong
  }

  /// No frame is longer; the runner's largest are a few hundred kilobytes.
  private static let frameBytesMaximum = 256 * 1024 * 1024
  private static let lengthBytes = 4

  let input: Int32
  let output: Int32

  /// Reads a frame.
  ///
  /// - Returns: Nil when the input ended before it.
  func read() throws(Failure) -> [UInt8]? {
    let header = try read(count: Self.lengthBytes)
    if header.isEmpty { return nil }
    guard header.count == Self.lengthBytes else { throw .endedEarly }
    let count = header.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard count <= Self.frameBytesMaximum else { throw .frameTooLong }
    let content = try read(count: count)
    guard content.count == count else { throw .endedEarly }
    return content
  }

  /// Writes a frame.
  func write(_ content: [UInt8]) throws(Failure) {
    guard content.count <= Self.frameBytesMaximum else { throw .frameTooLong }
    let header = (0..<Self.lengthBytes).map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) }
    var rest = (header + content)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(errno: errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// Reads this number of bytes, or fewer when the input ends.
  private func read(count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let start = filled
      let got = bytes.withUnsafeMutableBytes { Glibc.read(input, $0.baseAddress?.advanced(by: start), count - start) }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw .system(errno: errno) }
      if got == 0 { break }
      filled += got
    }
    return Array(bytes.prefix(filled))
  }
}
