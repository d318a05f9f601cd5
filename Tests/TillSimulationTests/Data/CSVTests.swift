import Testing

@testable import TillSimulation

@Suite("Comma-separated values")
struct CSVTests {
  private func table(_ text: String) throws -> CSVTable {
    try CSVTable(Array(text.utf8), path: "test.csv")
  }

  private func rows(_ text: String) -> [[String]] {
    var reader = CSVReader(Array(text.utf8))
    var rows: [[String]] = []
    while let row = reader.nextRow() { rows.append(row) }
    return rows
  }

  @Test("rows end with a line feed, a carriage return and a line feed, or the end of the file")
  func lineEnds() {
    #expect(rows("a,b\nc,d\r\ne,f") == [["a", "b"], ["c", "d"], ["e", "f"]])
  }

  @Test("empty fields are kept, also at the end of a row and of the file")
  func emptyFields() {
    #expect(rows(",a,\n,,") == [["", "a", ""], ["", "", ""]])
  }

  @Test("a quoted field may hold commas, line ends and doubled quotes")
  func quotedFields() {
    #expect(rows("\"a,\"\"b\"\"\",\"c\nd\"\ne,f") == [["a,\"b\"", "c\nd"], ["e", "f"]])
  }

  @Test("an unclosed quote ends with the file")
  func unclosedQuote() {
    #expect(rows("\"abc") == [["abc"]])
  }

  @Test("fields are found by the names in the header")
  func columns() throws {
    let table = try table("one,two\n1,2\n3,4\n")
    let two = try table.column("two")
    #expect(table.rowCount == 2)
    #expect(try table.integer(1, two) == 4)
    #expect(throws: DataFileError.self) { try table.column("three") }
  }

  @Test("a row of another width is refused with its line")
  func width() {
    #expect(throws: DataFileError(path: "test.csv", line: 3, problem: "3 fields instead of 2")) {
      try table("one,two\n1,2\n3,4,5\n")
    }
  }

  @Test("an empty file is refused")
  func empty() {
    #expect(throws: DataFileError.self) { try table("") }
  }

  @Test("amounts are read exactly, in hundredths", arguments: [("0.00", 0), ("1.50", 150), ("100.07", 10_007)])
  func amounts(text: String, hundredths: Int64) throws {
    #expect(try table("x\n\(text)\n").hundredths(0, 0) == hundredths)
  }

  @Test("what is no amount with two decimals is refused", arguments: ["1", "1.5", "1.505", "-1.50", "x.yz", ""])
  func wrongAmounts(text: String) throws {
    let table = try table("x,y\n\(text),\n")
    #expect(throws: DataFileError.self) { try table.hundredths(0, 0) }
  }
}
