import CNGHTTP2

/// The fields of one HEADERS frame, in order: a fixed beginning and whatever is added to it.
///
/// A value without added fields costs no memory, so the usual answer allocates nothing here.
struct HeaderBlock: Sendable {
  private let fixed: StaticHeaders
  private var added: [Added] = []
  private var bytes: [UInt8] = []

  private enum Added: Sendable {
    case fixed(StaticHeaders.Field)
    /// Name and value lie in `bytes` one after the other.
    case copied(start: Int, nameLength: Int, valueLength: Int, neverIndexed: Bool)
  }

  /// Starts with `fixed`.
  init(_ fixed: StaticHeaders = .none) { self.fixed = fixed }

  /// How many fields there are.
  var count: Int { fixed.pairs.count + added.count }

  /// What a field counts beyond its name and value (RFC 9113 section 6.5.2).
  static let fieldOverhead = 32

  /// The largest block that is sent, counted so. nghttp2 sends none of more than 64 KiB, for which it counts less for a
  /// field.
  static let listBytesMaximum = 64 << 10

  /// The size of the fields, counted as RFC 9113 section 6.5.2 does.
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

  /// - Parameter neverIndexed: keeps the field out of the compression table (secrets, values that never repeat).
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

  /// Adds a field as it is, whether or not the wire should carry it.
  mutating func addLiterally(_ name: String, _ value: String) {
    let start = bytes.count
    bytes.append(contentsOf: name.utf8)
    bytes.append(contentsOf: value.utf8)
    append(start: start, nameLength: name.utf8.count, neverIndexed: false)
  }

  /// Adds what of `metadata` the wire can carry; binary values become base64 without padding.
  mutating func add(_ metadata: Metadata) {
    for field in metadata where field.isSendable { add(field) }
  }

  /// The same, of fields with which the block can still be sent.
  ///
  /// - Returns: whether that were all.
  mutating func addWhatFits(_ metadata: Metadata) -> Bool {
    var room = Self.listBytesMaximum - listBytes
    var isComplete = true
    for field in metadata where field.isSendable {
      let size = field.wireBytes + Self.fieldOverhead
      if size <= room {
        add(field)
        room -= size
      } else {
        isComplete = false
      }
    }
    return isComplete
  }

  private mutating func add(_ field: Metadata.Field) {
    let start = bytes.count
    bytes.append(contentsOf: field.key.utf8)
    let nameLength = bytes.count - start
    switch field.value {
    case .string(let text): bytes.append(contentsOf: text.utf8)
    case .binary(let value): bytes.append(contentsOf: Base64.encode(value))
    }
    append(start: start, nameLength: nameLength, neverIndexed: field.key == "authorization")
  }

  private mutating func append(start: Int, nameLength: Int, neverIndexed: Bool) {
    let valueLength = bytes.count - start - nameLength
    added.append(
      .copied(start: start, nameLength: nameLength, valueLength: valueLength, neverIndexed: neverIndexed)
    )
  }

  /// Hands the fields over as nghttp2 wants them; the pointers are valid only inside `body`.
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
