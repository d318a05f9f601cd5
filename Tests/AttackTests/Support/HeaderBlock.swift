import CNGHTTP2

/// Header blocks of an attacker (RFC 7541), with or without the compression table.
enum HeaderBlock {
  typealias Field = (name: String, value: String)

  /// Makes the fields of a valid call of the echo service.
  static func call(_ method: String = "Echo", _ extra: [Field] = []) -> [Field] {
    [
      (":method", "POST"), (":scheme", "http"), (":path", "/patron.testing.v1.EchoService/\(method)"),
      (":authority", "attacked"), ("te", "trailers"), ("content-type", "application/grpc"),
    ] + extra
  }

  /// Encodes fields without changing the table.
  static func literal(_ fields: [Field]) -> [UInt8] { fields.flatMap { [0] + text($0.name) + text($0.value) } }

  /// Encodes fields and adds them to the table.
  static func indexing(_ fields: [Field]) -> [UInt8] { fields.flatMap { [0x40] + text($0.name) + text($0.value) } }

  /// Encodes the last `count` fields of the table in their order, one byte each.
  static func indexed(_ count: Int) -> [UInt8] { (0..<count).map { 0x80 | UInt8(firstIndex + count - 1 - $0) } }

  /// The index of the latest field in the table.
  static let firstIndex = 62

  private static func text(_ text: String) -> [UInt8] { length(text.utf8.count) + Array(text.utf8) }

  private static func length(_ count: Int) -> [UInt8] {
    guard count >= 127 else { return [UInt8(count)] }
    var bytes: [UInt8] = [127]
    var rest = count - 127
    while rest >= 128 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}

/// Decodes the header blocks of one connection.
final class HeaderReader {
  private var inflater: OpaquePointer?

  init() { nghttp2_hd_inflate_new(&inflater) }

  deinit { nghttp2_hd_inflate_del(inflater) }

  func fields(_ block: [UInt8]) -> [String: String] {
    var fields: [String: String] = [:]
    block.withUnsafeBufferPointer { block in
      var offset = 0
      while offset < block.count {
        var pair = nghttp2_nv()
        var flags: Int32 = 0
        let rest = block.count - offset
        let taken = nghttp2_hd_inflate_hd2(inflater, &pair, &flags, block.baseAddress.map { $0 + offset }, rest, 1)
        guard taken >= 0 else { return }
        offset += taken
        if flags & Int32(NGHTTP2_HD_INFLATE_EMIT.rawValue) != 0 {
          fields[text(pair.name, pair.namelen)] = text(pair.value, pair.valuelen)
        }
        if flags & Int32(NGHTTP2_HD_INFLATE_FINAL.rawValue) != 0 { break }
      }
      nghttp2_hd_inflate_end_headers(inflater)
    }
    return fields
  }

  private func text(_ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }
}
