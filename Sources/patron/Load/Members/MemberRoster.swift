internal import Foundation
internal import ServiceKit

/// Gives the ids of members by number.
struct MemberRoster: Sendable {
  private let range: MemberRange
  private let listed: Data?

  /// - Throws: If the file of ids can't be read.
  init(_ range: MemberRange) throws {
    self.range = range
    listed = try range.file.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
  }

  /// The id of a member, from 0.
  func memberID(_ number: Int) -> String {
    guard let listed else { return range.memberID(number) }
    return IDFile.id(number, in: listed)
  }
}

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
