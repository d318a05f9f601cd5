import CNGHTTP2

/// Header fields whose names and values live as long as the process: nghttp2 points at them instead of copying.
///
/// Make them once, as `static let`; the small array of pointers is never freed.
struct StaticHeaders: @unchecked Sendable {
  /// One field of two literals.
  struct Field: @unchecked Sendable {
    let pair: nghttp2_nv

    /// - Parameter neverIndexed: keeps the field out of the compression table (secrets, values that never repeat).
    init(_ name: StaticString, _ value: StaticString, neverIndexed: Bool = false) {
      var flags = NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue
      if neverIndexed { flags |= NGHTTP2_NV_FLAG_NO_INDEX.rawValue }
      pair = nghttp2_nv(
        name: UnsafeMutablePointer(mutating: name.utf8Start),
        value: UnsafeMutablePointer(mutating: value.utf8Start),
        namelen: name.utf8CodeUnitCount,
        valuelen: value.utf8CodeUnitCount,
        flags: UInt8(flags)
      )
    }
  }

  let pairs: UnsafeBufferPointer<nghttp2_nv>

  init(_ fields: Field...) {
    let memory = UnsafeMutableBufferPointer<nghttp2_nv>.allocate(capacity: fields.count)
    _ = memory.initialize(fromContentsOf: fields.map(\.pair))
    pairs = UnsafeBufferPointer(memory)
  }

  static let none = StaticHeaders()
}

#if canImport(Glibc)
  private import Glibc
#else
  private import Darwin
#endif

extension UnsafeRawBufferPointer {
  /// Whether these are exactly the bytes of a literal.
  func equals(_ literal: StaticString) -> Bool {
    guard count == literal.utf8CodeUnitCount, let baseAddress else { return isEmpty && literal.utf8CodeUnitCount == 0 }
    return memcmp(baseAddress, literal.utf8Start, count) == 0
  }

  /// Whether these are exactly the given bytes.
  func equals(_ bytes: [UInt8]) -> Bool {
    guard count == bytes.count, let baseAddress else { return isEmpty && bytes.isEmpty }
    return bytes.withUnsafeBytes { other in other.baseAddress.map { memcmp(baseAddress, $0, count) == 0 } ?? true }
  }

  /// Whether these bytes begin with a literal.
  func starts(with literal: StaticString) -> Bool {
    guard count >= literal.utf8CodeUnitCount, let baseAddress else { return literal.utf8CodeUnitCount == 0 }
    return memcmp(baseAddress, literal.utf8Start, literal.utf8CodeUnitCount) == 0
  }
}
