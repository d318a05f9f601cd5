import Basics
import Foundation
import LocalSuite
import ServiceKit

/// Draws members.
package struct MemberPicker: Sendable {
  private let count: Int
  private let choice: MemberChoice
  private let zipf: ZipfDistribution?

  /// - Parameter count: How many members there are.
  package init(_ choice: MemberChoice, count: Int) {
    self.count = count
    self.choice = choice
    if case .zipf(let exponent) = choice {
      zipf = ZipfDistribution(count: count, exponent: exponent)
    } else {
      zipf = nil
    }
  }

  /// The number of a member, from 0.
  package func next(using random: inout some RandomNumberGenerator) -> Int {
    switch choice {
    case .uniform:
      return Int.random(in: 0..<count, using: &random)
    case .zipf:
      return (zipf?.next(using: &random) ?? 1) - 1
    case .hot(let hot, let share):
      guard hot < count else { return Int.random(in: 0..<count, using: &random) }
      let isHot = Double.random(in: 0..<1, using: &random) < share
      return isHot ? Int.random(in: 0..<hot, using: &random) : Int.random(in: hot..<count, using: &random)
    }
  }
}

/// Who shops.
package enum MemberChoice: Codable, Hashable, Sendable {
  /// Everybody alike.
  case uniform
  /// The k-th member in proportion to 1 / k^exponent.
  case zipf(exponent: Double)
  /// The first of them, this number, have this share of the sales, the others share the rest alike.
  case hot(count: Int, share: Double)

  /// In words.
  var text: String {
    switch self {
    case .uniform: "uniform"
    case .zipf(let exponent): "Zipf with the exponent \(Text.trimmed(exponent))"
    case .hot(let count, let share): "\(Text.count(count)) hot ones have \(Text.trimmed(share * 100))% of the sales"
    }
  }
}

/// Gives the ids of members by number.
package struct MemberRoster: Sendable {
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
