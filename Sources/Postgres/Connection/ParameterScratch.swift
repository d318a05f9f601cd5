import CLibPQ

/// Reused memory for the arrays in which libpq expects a statement's parameters.
final class ParameterScratch {
  private var capacity = 0
  private(set) var types = UnsafeMutablePointer<UInt32>.allocate(capacity: 0)
  private(set) var lengths = UnsafeMutablePointer<Int32>.allocate(capacity: 0)
  private(set) var formats = UnsafeMutablePointer<Int32>.allocate(capacity: 0)
  private(set) var values = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: 0)
  /// The address of values without bytes, because a null pointer means NULL.
  private let somewhere = UnsafeMutablePointer<CChar>.allocate(capacity: 1)

  deinit {
    free()
    somewhere.deallocate()
  }

  /// Fills the arrays, which are valid inside `body`, and passes the number of parameters.
  func fill(_ parameters: Parameters, _ body: (Int32) -> Int32) -> Int32 {
    reserve(parameters.count)
    return parameters.buffer.bytes.withUnsafeBytes { bytes in
      for (index, entry) in parameters.entries.enumerated() {
        types[index] = entry.type.rawValue
        lengths[index] = max(0, entry.length)
        values[index] =
          switch entry.length {
          case ..<0: nil
          case 0: UnsafePointer(somewhere)
          default: bytes.baseAddress.map { ($0 + Int(entry.offset)).assumingMemoryBound(to: CChar.self) }
          }
      }
      return body(Int32(parameters.count))
    }
  }

  private func reserve(_ count: Int) {
    guard count > capacity else { return }
    free()
    capacity = max(16, count)
    types = .allocate(capacity: capacity)
    lengths = .allocate(capacity: capacity)
    formats = .allocate(capacity: capacity)
    values = .allocate(capacity: capacity)
    // 1 means binary.
    formats.initialize(repeating: 1, count: capacity)
    types.initialize(repeating: 0, count: capacity)
    lengths.initialize(repeating: 0, count: capacity)
    values.initialize(repeating: nil, count: capacity)
  }

  private func free() {
    types.deallocate()
    lengths.deallocate()
    formats.deallocate()
    values.deallocate()
  }
}
