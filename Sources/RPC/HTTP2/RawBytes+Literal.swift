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
