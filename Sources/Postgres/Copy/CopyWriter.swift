/// Writes the rows of a `COPY … FROM STDIN`. Buffers them into pieces and waits when PostgreSQL is slower.
public final class CopyWriter {
  /// How many bytes are buffered before they are sent.
  private static let pieceBytes = 65_536

  private let send: (Request.Work) async throws(PostgresError) -> Void
  private var buffer = PostgresBuffer()
  private var isBinary = false

  init(_ send: @escaping (Request.Work) async throws(PostgresError) -> Void) {
    self.send = send
  }

  /// Writes bytes in the format of the COPY statement.
  ///
  /// - Throws: ``PostgresError``.
  public func write(_ bytes: some Sequence<UInt8>) async throws(PostgresError) {
    buffer.append(contentsOf: bytes)
    try await sendIfFull()
  }

  /// Writes text in the format of the COPY statement.
  ///
  /// - Throws: ``PostgresError``.
  public func write(_ text: String) async throws(PostgresError) {
    buffer.append(utf8: text)
    try await sendIfFull()
  }

  /// Writes one row of a `COPY … FROM STDIN (FORMAT binary)`. PostgreSQL converts nothing, so each value must have its
  /// column's type (`Int64` for `bigint`, `Int32` for `integer`).
  ///
  /// - Throws: ``PostgresError``.
  public func writeRow<each Value: PostgresEncodable>(_ values: repeat each Value) async throws(PostgresError) {
    if !isBinary {
      isBinary = true
      // Signature, flags, length of the header's extension (PostgreSQL manual, COPY, binary format).
      buffer.append(contentsOf: [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00])
      buffer.append(Int32(0))
      buffer.append(Int32(0))
    }
    var count: Int16 = 0
    for _ in repeat (each Value).self { count += 1 }
    buffer.append(count)
    for value in repeat each values { buffer.appendWithLength(value) }
    try await sendIfFull()
  }

  func finish() async throws(PostgresError) {
    if isBinary { buffer.append(Int16(-1)) }
    if buffer.count > 0 { try await sendPiece() }
  }

  private func sendIfFull() async throws(PostgresError) {
    if buffer.count >= Self.pieceBytes { try await sendPiece() }
  }

  private func sendPiece() async throws(PostgresError) {
    let piece = buffer.bytes
    buffer = PostgresBuffer()
    buffer.reserve(Self.pieceBytes + Self.pieceBytes / 4)
    try await send(.copyData(piece))
  }
}
