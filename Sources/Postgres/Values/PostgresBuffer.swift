/// A buffer for values in PostgreSQL's binary format: network byte order, no padding.
public struct PostgresBuffer: Sendable, Hashable {
  /// The bytes written so far.
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// How many bytes have been written.
  public var count: Int { bytes.count }

  /// Reserves memory for `additional` bytes.
  public mutating func reserve(_ additional: Int) {
    bytes.reserveCapacity(bytes.count + additional)
  }

  /// Writes an integer, most significant byte first.
  public mutating func append<Integer: FixedWidthInteger>(_ integer: Integer) {
    withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// Writes bytes as they are.
  public mutating func append(contentsOf other: some Sequence<UInt8>) {
    bytes.append(contentsOf: other)
  }

  /// Writes a text as UTF-8 without length or terminator.
  public mutating func append(utf8 text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  /// Writes a value after its 4-byte length, -1 for NULL, as arrays, composites and binary COPY require.
  public mutating func appendWithLength(_ value: some PostgresEncodable) {
    guard !value.isPostgresNull else {
      append(Int32(-1))
      return
    }
    let start = bytes.count
    append(Int32(0))
    value.encode(into: &self)
    let length = Int32(clamping: bytes.count - start - 4).bigEndian
    withUnsafeBytes(of: length) { length in
      for index in 0..<4 { bytes[start + index] = length[index] }
    }
  }

  /// Writes values of equal size, each after its length, as arrays require.
  ///
  /// - Parameter store: Writes one value to its address.
  mutating func append<Element>(
    _ elements: [Element],
    width: Int,
    _ store: (Element, UnsafeMutableRawPointer) -> Void
  ) {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: elements.count * (4 + width)))
    bytes.withUnsafeMutableBytes { bytes in
      guard var place = bytes.baseAddress.map({ $0 + start }) else { return }
      let length = Int32(truncatingIfNeeded: width).bigEndian
      for element in elements {
        place.storeBytes(of: length, as: Int32.self)
        store(element, place + 4)
        place += 4 + width
      }
    }
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }
}
