public import FoundationEssentials

extension UUID: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .uuid }
  public static var postgresArrayType: PostgresType { .uuidArray }

  public func encode(into buffer: inout PostgresBuffer) {
    withUnsafeBytes(of: uuid) { buffer.append(contentsOf: $0) }
  }

  public static func encode(_ elements: [UUID], into buffer: inout PostgresBuffer) {
    appendHeader(of: elements, hasNulls: false, to: &buffer)
    buffer.append(elements, width: 16) { element, place in place.storeBytes(of: element.uuid, as: uuid_t.self) }
  }

  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .uuid else { throw field.mismatch(Self.self) }
    let bytes = try field.value()
    guard bytes.count == 16 else { throw .decoding("a uuid has \(bytes.count) bytes where 16 are wanted") }
    self.init(uuid: bytes.loadUnaligned(as: uuid_t.self))
  }
}
