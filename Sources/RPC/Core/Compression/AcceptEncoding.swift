/// The field by which one side tells the other which packing it takes (grpc/grpc doc/PROTOCOL-HTTP2.md,
/// "Message-Accept-Encoding").
enum AcceptEncoding {
  /// What this library takes.
  static let field = StaticHeaders.Field("grpc-accept-encoding", "identity,gzip")

  /// Whether a peer's list, separated by commas and perhaps blanks, names gzip.
  static func namesGzip(_ list: UnsafeRawBufferPointer) -> Bool {
    var start = list.startIndex
    while start < list.endIndex {
      let end = list[start...].firstIndex(of: UInt8(ascii: ",")) ?? list.endIndex
      if trimmed(UnsafeRawBufferPointer(rebasing: list[start..<end])).equals("gzip") { return true }
      start = end + 1
    }
    return false
  }

  private static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
    else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: text[first...last])
  }
}
