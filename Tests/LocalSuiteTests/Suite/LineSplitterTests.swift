import Testing

@testable import LocalSuite

@Suite("Lines of a child")
struct LineSplitterTests {
  @Test("a line may come in pieces")
  func pieces() {
    var lines = LineSplitter()
    #expect(lines.append(Array("on".utf8)) == [])
    #expect(lines.append(Array("e\ntwo\nth".utf8)) == ["one", "two"])
    #expect(lines.finish() == "th")
    #expect(lines.finish() == nil)
  }

  @Test("a line without an end is cut, not buffered for ever")
  func endless() {
    var lines = LineSplitter()
    let cut = lines.append([UInt8](repeating: 120, count: LineSplitter.lineBytesMaximum * 2 + 1))
    #expect(cut.map(\.utf8.count) == [LineSplitter.lineBytesMaximum, LineSplitter.lineBytesMaximum])
    #expect(lines.finish() == "x")
  }
}
