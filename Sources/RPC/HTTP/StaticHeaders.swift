import CNGHTTP2

/// Header fields that live as long as the process, so nghttp2 refers to them instead of copying.
///
/// Create them once as `static let`, because the small array of pointers is never freed.
struct StaticHeaders: @unchecked Sendable {
  /// One field of two literals.
  struct Field: @unchecked Sendable {
    let pair: nghttp2_nv

    /// - Parameter neverIndexed: Excludes the field from the compression table (secrets, values that never repeat).
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
  /// Returns whether these are exactly the bytes of a literal.
  func equals(_ literal: StaticString) -> Bool {
    guard count == literal.utf8CodeUnitCount, let baseAddress else { return isEmpty && literal.utf8CodeUnitCount == 0 }
    return memcmp(baseAddress, literal.utf8Start, count) == 0
  }

  /// Returns whether these are exactly `bytes`.
  func equals(_ bytes: [UInt8]) -> Bool {
    guard count == bytes.count, let baseAddress else { return isEmpty && bytes.isEmpty }
    return bytes.withUnsafeBytes { other in other.baseAddress.map { memcmp(baseAddress, $0, count) == 0 } ?? true }
  }

  /// Returns whether these bytes begin with a literal.
  func starts(with literal: StaticString) -> Bool {
    guard count >= literal.utf8CodeUnitCount, let baseAddress else { return literal.utf8CodeUnitCount == 0 }
    return memcmp(baseAddress, literal.utf8Start, literal.utf8CodeUnitCount) == 0
  }
}
