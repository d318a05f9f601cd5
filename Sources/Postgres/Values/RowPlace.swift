/// The physical place of a row in its table (`ctid`): the fastest way back to a row that was just read.
///
/// An update moves a row and reuses removed rows' places, so a statement that finds a row by its place also compares
/// its key and its version.
public struct RowPlace: Sendable, Hashable {
  /// The page.
  public var block: UInt32
  /// The row's number on it.
  public var offset: UInt16

  public init(block: UInt32, offset: UInt16) {
    self.block = block
    self.offset = offset
  }
}

extension RowPlace: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .tid }
  public static var postgresArrayType: PostgresType { .tidArray }

  public func encode(into buffer: inout PostgresBuffer) {
    buffer.append(block)
    buffer.append(offset)
  }

  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .tid else { throw field.mismatch(Self.self) }
    let bytes = try field.value()
    guard bytes.count == 6 else { throw .decoding("a place of a row has \(bytes.count) bytes where 6 are wanted") }
    block = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
    offset = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self))
  }
}
