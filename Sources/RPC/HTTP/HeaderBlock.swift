import CNGHTTP2

/// The fields of one HEADERS frame in order: a fixed beginning and added fields.
///
/// A block without added fields allocates nothing, which is the usual answer.
struct HeaderBlock: Sendable {
  private let fixed: StaticHeaders
  private var added: [Added] = []
  private var bytes: [UInt8] = []

  private enum Added: Sendable {
    case fixed(StaticHeaders.Field)
    /// Name and value are adjacent in `bytes`.
    case copied(start: Int, nameLength: Int, valueLength: Int, neverIndexed: Bool)
  }

  /// Makes a block that starts with `fixed`.
  init(_ fixed: StaticHeaders = .none) { self.fixed = fixed }

  /// The number of fields.
  var count: Int { fixed.pairs.count + added.count }

  /// The size of a field beyond its name and value (RFC 9113 section 6.5.2).
  static let fieldOverhead = 32

  /// The greatest size of a block to send, counted so. nghttp2 sends at most 64 KiB, for which it counts less per
  /// field.
  static let listBytesMaximum = 64 << 10

  /// The size of the fields, counted as in RFC 9113 section 6.5.2.
  var listBytes: Int {
    fixed.pairs.reduce(bytes.count + count * Self.fieldOverhead) { $0 + $1.namelen + $1.valuelen }
      + added.reduce(0) { total, field in
        guard case .fixed(let field) = field else { return total }
        return total + field.pair.namelen + field.pair.valuelen
      }
  }

  /// Whether the block can be sent.
  var isSendable: Bool { listBytes <= Self.listBytesMaximum }

  mutating func add(_ field: StaticHeaders.Field) { added.append(.fixed(field)) }

  /// - Parameter neverIndexed: Excludes the field from the compression table (secrets, values that never repeat).
  mutating func add(_ name: StaticString, _ value: String, neverIndexed: Bool = false) {
    let start = bytes.count
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(contentsOf: value.utf8)
    append(start: start, nameLength: name.utf8CodeUnitCount, neverIndexed: neverIndexed)
  }

  mutating func add(_ name: StaticString, _ value: [UInt8], neverIndexed: Bool = false) {
    let start = bytes.count
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(contentsOf: value)
    append(start: start, nameLength: name.utf8CodeUnitCount, neverIndexed: neverIndexed)
  }

  /// Adds a field without validation.
  mutating func addLiterally(_ name: String, _ value: String) {
    let start = bytes.count
    bytes.append(contentsOf: name.utf8)
    bytes.append(contentsOf: value.utf8)
    append(start: start, nameLength: name.utf8.count, neverIndexed: false)
  }

  /// Adds the sendable fields of `metadata`. Binary values become base64 without padding.
  mutating func add(_ metadata: Metadata) {
    for field in metadata where field.isSendable { add(field) }
  }

  /// Adds as many sendable fields of `metadata` as the block can hold.
  ///
  /// - Parameter prefix: What the names begin with, beside their own.
  /// - Returns: Whether all were added.
  mutating func addWhatFits(_ metadata: Metadata, prefix: String = "") -> Bool {
    var room = Self.listBytesMaximum - listBytes
    var isComplete = true
    for field in metadata where field.isSendable {
      let size = field.wireBytes + prefix.utf8.count + Self.fieldOverhead
      if size <= room {
        add(field, prefix: prefix)
        room -= size
      } else {
        isComplete = false
      }
    }
    return isComplete
  }

  private mutating func add(_ field: Metadata.Field, prefix: String = "") {
    let start = bytes.count
    bytes.append(contentsOf: prefix.utf8)
    bytes.append(contentsOf: field.key.utf8)
    let nameLength = bytes.count - start
    switch field.value {
    case .string(let text): bytes.append(contentsOf: text.utf8)
    case .binary(let value): bytes.append(contentsOf: BinaryMetadata.encode(value))
    }
    append(start: start, nameLength: nameLength, neverIndexed: field.key == "authorization")
  }

  private mutating func append(start: Int, nameLength: Int, neverIndexed: Bool) {
    let valueLength = bytes.count - start - nameLength
    added.append(
      .copied(start: start, nameLength: nameLength, valueLength: valueLength, neverIndexed: neverIndexed)
    )
  }

  /// Passes the fields in nghttp2's form. The pointers are valid only inside `body`.
  func withPairs<Result>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result) -> Result {
    if added.isEmpty { return body(fixed.pairs.baseAddress, fixed.pairs.count) }
    return bytes.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: count) { pairs in
        _ = pairs.initialize(fromContentsOf: fixed.pairs)
        for (index, field) in added.enumerated() {
          pairs.initializeElement(at: fixed.pairs.count + index, to: Self.pair(field, bytes))
        }
        return body(UnsafePointer(pairs.baseAddress), count)
      }
    }
  }

  /// Passes the fields one by one. The pointers are valid only inside `body`.
  func forEach(_ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void) {
    withPairs { pairs, count in
      for pair in UnsafeBufferPointer(start: pairs, count: count) {
        body(
          UnsafeRawBufferPointer(start: pair.name, count: pair.namelen),
          UnsafeRawBufferPointer(start: pair.value, count: pair.valuelen)
        )
      }
    }
  }

  private static func pair(_ field: Added, _ bytes: UnsafeBufferPointer<UInt8>) -> nghttp2_nv {
    switch field {
    case .fixed(let field): return field.pair
    case .copied(let start, let nameLength, let valueLength, let neverIndexed):
      let name = UnsafeMutablePointer(mutating: bytes.baseAddress.map { $0 + start })
      return nghttp2_nv(
        name: name,
        value: name.map { $0 + nameLength },
        namelen: nameLength,
        valuelen: valueLength,
        flags: UInt8(neverIndexed ? NGHTTP2_NV_FLAG_NO_INDEX.rawValue : NGHTTP2_NV_FLAG_NONE.rawValue)
      )
    }
  }
}
