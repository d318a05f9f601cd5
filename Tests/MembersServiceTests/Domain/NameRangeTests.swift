import Testing

@testable import MembersService

@Suite("The names that begin with a prefix")
struct NameRangeTests {
  /// Compares like PostgreSQL in the collation "C".
  private func isBefore(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  private func contains(_ range: NameRange, _ name: String) -> Bool {
    !isBefore(name, range.from) && (range.before.map { isBefore(name, $0) } ?? true)
  }

  @Test("are exactly those of the range", arguments: ["李", "Li", "é", "\u{D7FF}", "😀", "a\u{10FFFF}", "z"])
  func areTheRange(prefix: String) {
    let range = NameRange(prefix: prefix)
    for name in [prefix, prefix + "雷", prefix + "\u{10FFFF}\u{10FFFF}", prefix + "\0"] {
      #expect(contains(range, name), "\(name)")
    }
    for name in ["", "A", "Lh", "Lj", "李".dropLast() + "杏", "\u{E000}", "b", "{", "😁", "\u{10FFFF}"] {
      let name = String(name)
      #expect(contains(range, name) == name.utf8.starts(with: prefix.utf8), "\(name)")
    }
  }

  @Test("have no end when nothing comes after the prefix")
  func haveNoEnd() {
    #expect(NameRange(prefix: "\u{10FFFF}\u{10FFFF}").before == nil)
  }
}
