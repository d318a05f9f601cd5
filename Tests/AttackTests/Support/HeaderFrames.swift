/// Splits a header block into frames.
enum HeaderFrames {
  private static let frameBytesMaximum = 16_384

  static func bytes(_ stream: UInt32, _ block: [UInt8]) -> [UInt8] {
    var rest = block.dropFirst(frameBytesMaximum)
    let first = Array(block.prefix(frameBytesMaximum))
    var bytes = Frame.headers(stream, block: first, endHeaders: rest.isEmpty).bytes
    while !rest.isEmpty {
      let piece = Array(rest.prefix(frameBytesMaximum))
      rest = rest.dropFirst(piece.count)
      bytes += Frame.continuation(stream, block: piece, endHeaders: rest.isEmpty).bytes
    }
    return bytes
  }
}
