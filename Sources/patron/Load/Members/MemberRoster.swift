internal import Foundation

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
