#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A literal IPv4 or IPv6 address. An IPv4 address in IPv6 form is the IPv4 address (RFC 4291 section 2.5.5.2).
struct IPAddress: Sendable, Hashable {
  /// 4 or 16 bytes.
  let bytes: [UInt8]

  init?(_ text: String) {
    var four = [UInt8](repeating: 0, count: 4)
    var six = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = four
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      let isMapped = six[..<10].allSatisfy { $0 == 0 } && six[10] == 0xff && six[11] == 0xff
      bytes = isMapped ? Array(six[12...]) : six
    } else {
      return nil
    }
  }

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the host of a socket address, such as `10.0.0.7:51234` or `[::1]:51234`.
  init?(socketAddress: String) {
    guard let colon = socketAddress.lastIndex(of: ":") else { return nil }
    self.init(String(socketAddress[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }))
  }

  /// Whether the address is this machine's own.
  var isLoopback: Bool {
    bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
  }

  /// The text that RFC 5952 recommends.
  var text: String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &buffer, socklen_t(buffer.count))
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// A range of addresses, such as `10.0.0.0/8`, `2001:db8::/32` or a single address (RFC 4632).
public struct AddressRange: Sendable, Hashable {
  private let start: IPAddress
  private let bits: Int

  /// Reads a range. Nil when the text is none.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let start = IPAddress(String(parts[0])) else { return nil }
    let most = start.bytes.count * 8
    guard let bits = parts.count == 2 ? Int(parts[1]) : most, (0...most).contains(bits) else { return nil }
    self.start = start
    self.bits = bits
  }

  func contains(_ address: IPAddress) -> Bool {
    guard address.bytes.count == start.bytes.count else { return false }
    let whole = bits / 8
    guard address.bytes.prefix(whole) == start.bytes.prefix(whole) else { return false }
    guard bits % 8 > 0 else { return true }
    let mask = UInt8(truncatingIfNeeded: 0xff00 >> (bits % 8))
    return address.bytes[whole] & mask == start.bytes[whole] & mask
  }
}
