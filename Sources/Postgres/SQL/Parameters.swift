/// The values of a statement in PostgreSQL's binary format, in one buffer with one allocation.
package struct Parameters: Sendable, Hashable {
  struct Entry: Sendable, Hashable {
    var type: PostgresType
    /// Offset of the value's bytes.
    var offset: Int32
    /// Number of the value's bytes, -1 for NULL.
    var length: Int32
    /// Offset of `$n` in the statement's text, in UTF-8 bytes.
    var placeholder: Int32
  }

  private(set) var entries: [Entry] = []
  private(set) var buffer = PostgresBuffer()

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  mutating func reserve(_ count: Int) {
    guard count > 0 else { return }
    entries.reserveCapacity(count)
    buffer.reserve(count * 16)
  }

  mutating func append<Value: PostgresEncodable>(_ value: Value, placeholder: Int) {
    let offset = buffer.count
    let isNull = value.isPostgresNull
    if !isNull { value.encode(into: &buffer) }
    let length = isNull ? -1 : buffer.count - offset
    entries.append(
      Entry(
        type: Value.postgresType,
        offset: Int32(clamping: offset),
        length: Int32(clamping: length),
        placeholder: Int32(clamping: placeholder)
      )
    )
  }

  mutating func append(_ entry: Entry, of other: Parameters, placeholder: Int) {
    var copy = entry
    copy.offset = Int32(clamping: buffer.count)
    copy.placeholder = Int32(clamping: placeholder)
    if entry.length > 0 {
      buffer.append(contentsOf: other.buffer.bytes[Int(entry.offset)..<Int(entry.offset) + Int(entry.length)])
    }
    entries.append(copy)
  }

  /// The greatest number of parameters of one statement (a 16-bit count in the Bind message).
  static let maximumCount = 65_535

  /// The greatest number of parameter bytes of one statement (1 GiB, less PostgreSQL's headers).
  static let maximumBytes = 1_000_000_000

  /// Why these parameters cannot be sent, nil when they can.
  var refusal: String? {
    if count > Self.maximumCount { return "a statement has \(count) parameters; PostgreSQL takes \(Self.maximumCount)" }
    if buffer.count > Self.maximumBytes { return "the parameters of a statement are larger than 1 GB" }
    return nil
  }

  static func placeholders(_ number: Int) -> String {
    number <= common.count ? common[number - 1] : "$\(number)"
  }

  private static let common = (1...16).map { "$\($0)" }
}
