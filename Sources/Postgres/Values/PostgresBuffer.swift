/// Where values are written in PostgreSQL's binary format: network byte order, no padding.
public struct PostgresBuffer: Sendable, Hashable {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// How many bytes have been written.
  public var count: Int { bytes.count }

  /// Makes room for more bytes.
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

  /// Writes a text's UTF-8 bytes without a length or an end mark.
  public mutating func append(utf8 text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  /// Writes a value preceded by its length in 4 bytes, -1 for NULL, as arrays, composites and binary COPY want it.
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

  /// Writes values that all have the same number of bytes, each preceded by its length, as arrays want them.
  ///
  /// - Parameter store: Writes one value to where it belongs.
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
