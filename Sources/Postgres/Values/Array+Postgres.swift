/// A type with a PostgreSQL array type. ``PostgresCodable`` types only need to declare the array's type.
public protocol PostgresArrayElement: Sendable {
  /// The type of an array of these values.
  static var postgresArrayType: PostgresType { get }

  /// Writes an array in binary format.
  static func encode(_ elements: [Self], into buffer: inout PostgresBuffer)

  /// Reads an array in binary format.
  static func decode(from field: PostgresField) throws(PostgresError) -> [Self]
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
  public static var postgresType: PostgresType { Element.postgresArrayType }

  public func encode(into buffer: inout PostgresBuffer) {
    Element.encode(self, into: &buffer)
  }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
  public init(from field: PostgresField) throws(PostgresError) {
    self = try Element.decode(from: field)
  }
}

extension PostgresArrayElement where Self: PostgresCodable {
  /// Writes one dimension counted from 1: number of dimensions, whether there are NULLs, element type, length, lower
  /// bound, then each element with its length (`array_send` in PostgreSQL's arrayfuncs.c). An empty array has no
  /// dimension.
  public static func encode(_ elements: [Self], into buffer: inout PostgresBuffer) {
    appendHeader(of: elements, hasNulls: elements.contains { $0.isPostgresNull }, to: &buffer)
    for element in elements { buffer.appendWithLength(element) }
  }

  /// Writes everything before the elements.
  static func appendHeader(of elements: [Self], hasNulls: Bool, to buffer: inout PostgresBuffer) {
    buffer.append(Int32(elements.isEmpty ? 0 : 1))
    buffer.append(Int32(hasNulls ? 1 : 0))
    buffer.append(postgresType.rawValue)
    guard !elements.isEmpty else { return }
    buffer.append(Int32(clamping: elements.count))
    buffer.append(Int32(1))
  }

  public static func decode(from field: PostgresField) throws(PostgresError) -> [Self] {
    var reader = ArrayReader(try field.value())
    let header = try reader.header()
    var elements: [Self] = []
    elements.reserveCapacity(header.count)
    for _ in 0..<header.count {
      elements.append(try Self(from: PostgresField(type: header.elementType, bytes: try reader.element())))
    }
    return elements
  }
}

extension PostgresArrayElement where Self: PostgresCodable & FixedWidthInteger {
  /// Writes numbers in bulk without checking each for NULL, because batches are sent as long arrays of numbers.
  public static func encode(_ elements: [Self], into buffer: inout PostgresBuffer) {
    appendHeader(of: elements, hasNulls: false, to: &buffer)
    buffer.append(elements, width: MemoryLayout<Self>.size) { element, place in
      place.storeBytes(of: element.bigEndian, as: Self.self)
    }
  }
}

/// Reads an array in binary format and validates every length.
private struct ArrayReader {
  private var rest: Slice<UnsafeRawBufferPointer>

  init(_ bytes: UnsafeRawBufferPointer) {
    rest = bytes[...]
  }

  mutating func header() throws(PostgresError) -> (elementType: PostgresType, count: Int) {
    let dimensions = try integer()
    _ = try integer()
    let type = PostgresType(rawValue: UInt32(bitPattern: try integer()))
    guard dimensions != 0 else { return (type, 0) }
    guard dimensions == 1 else { throw .decoding("an array of \(dimensions) dimensions cannot be read") }
    let count = try integer()
    _ = try integer()
    // Each element has at least its 4 bytes of length.
    guard count >= 0, Int(count) <= rest.count / 4 else { throw .decoding("an array is cut short") }
    return (type, Int(count))
  }

  mutating func element() throws(PostgresError) -> UnsafeRawBufferPointer? {
    let length = Int(try integer())
    guard length >= 0 else { return nil }
    guard length <= rest.count else { throw .decoding("an array is cut short") }
    defer { rest = rest.dropFirst(length) }
    return UnsafeRawBufferPointer(rebasing: rest.prefix(length))
  }

  private mutating func integer() throws(PostgresError) -> Int32 {
    guard rest.count >= 4 else { throw .decoding("an array is cut short") }
    defer { rest = rest.dropFirst(4) }
    return Int32(bigEndian: UnsafeRawBufferPointer(rebasing: rest.prefix(4)).loadUnaligned(as: Int32.self))
  }
}
