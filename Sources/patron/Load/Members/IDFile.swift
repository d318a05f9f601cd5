internal import Foundation
internal import ServiceKit

/// A file of ids, 16 bytes each.
enum IDFile {
  static let idBytes = 16

  /// The id at a place, counted from 0.
  static func id(_ number: Int, in data: Data) -> String {
    let start = data.startIndex + number * idBytes
    func word(_ offset: Int) -> UInt64 {
      data[(start + offset)..<(start + offset + 8)].reduce(0) { $0 << 8 | UInt64($1) }
    }
    return UUID(high: word(0), low: word(8)).text
  }

  /// The file's content.
  static func content(_ ids: [UUID]) -> Data {
    var data = Data(capacity: ids.count * idBytes)
    for id in ids { withUnsafeBytes(of: id.uuid) { data.append(contentsOf: $0) } }
    return data
  }
}
