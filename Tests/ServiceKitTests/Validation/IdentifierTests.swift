import RPC
import Testing

@testable import ServiceKit

@Suite("The normal form of identifiers")
struct IdentifierTests {
  private func reasons(_ text: String, _ form: IdentifierForm = .receipt) -> [String] {
    var fields = FieldChecks(domain: "test.patron")
    _ = fields.identifier("f", text, form)
    return fields.violations.map(\.reason)
  }

  @Test(
    "Receipts in disguise are refused, so that none earns twice",
    arguments: [
      "R-1 ", " R-1", "R-1\u{200B}", "R-1\u{A0}", "R-1\n", "R-1\t", "R\u{AD}-1", "\u{FEFF}R-1", "R-1\u{2060}",
      "R-1\u{202E}",
      "R-1\u{3000}", "R-1\u{2003}", "R-1\u{E0020}", "R-1\u{FE0F}", "R-1\u{3164}", "R-1\u{2800}", "R-1\u{34F}",
      "R-1\u{0}",
      "R-1\u{85}", "R-1\u{2028}", "R  1", "Re\u{301}-1", "\u{200B}", " ",
    ]
  )
  func disguised(text: String) {
    #expect(reasons(text) == ["IDENTIFIER_INVALID"])
  }

  @Test(
    "What is in the form is taken as it is, letters of either case apart",
    arguments: ["R-1", "r-1", "Store 7", "门店 1", "Ré-1", "🏪", "a"]
  )
  func taken(text: String) {
    #expect(reasons(text).isEmpty)
    var fields = FieldChecks(domain: "test.patron")
    #expect(fields.identifier("f", text, .store) == text)
  }

  @Test("Numbers by which members are recognised have no spaces at all")
  func spaces() {
    #expect(reasons("6222 0001", .card) == ["IDENTIFIER_INVALID"])
    #expect(reasons("62220001", .card).isEmpty)
  }

  @Test("Length counts before anything is looked at, and the empty text is none")
  func length() {
    #expect(reasons("") == ["REQUIRED"])
    #expect(reasons(String(repeating: "a", count: 65)) == ["TOO_LONG"])
    #expect(reasons(String(repeating: "\u{200B}", count: 100_000)) == ["TOO_LONG"])
    var fields = FieldChecks(domain: "test.patron")
    #expect(fields.identifier("f", "", .till, optional: true) == "" && fields.violations.isEmpty)
  }

  @Test("Staff are distinguished as people distinguish them")
  func staff() {
    #expect("Staff-7".isSameToPeople(as: "staff-7"))
    #expect("ｓｔａｆｆ-7".isSameToPeople(as: "staff-7"))
    #expect(!"staff-7".isSameToPeople(as: "staff-8"))
  }

  @Test("Names are composed and trimmed; blank ones and those that turn the text around are refused")
  func names() {
    func name(_ text: String) -> (String, [String]) {
      var fields = FieldChecks(domain: "test.patron")
      return (fields.name("f", text, 0...10), fields.violations.map(\.reason))
    }
    #expect(name(" Rene\u{301} ") == ("Ren\u{E9}", []))
    #expect(name("👨‍👩‍👧") == ("👨‍👩‍👧", []))
    #expect(name("") == ("", []))
    #expect(name("  ").1 == ["BLANK"])
    #expect(name("\u{200B}\u{3164}").1 == ["BLANK"])
    #expect(name("a\u{202E}b").1 == ["BIDIRECTIONAL_CONTROL"])
    #expect(name("a\nb").1 == ["CONTROL_CHARACTER"])
    #expect(name("abcdefghijk").1 == ["TOO_LONG"])
  }

  @Test("What a caller sent is repeated to it short and with nothing hidden")
  func quoted() {
    #expect("a\u{200B}\nb".quoted == "a<U+200B><U+000A>b")
    #expect(String(repeating: "e\u{301}", count: 50_000).quoted.unicodeScalars.count == 65)
  }

  @Test("The key of an attribute is in no path and no sentence, however long or strange it is")
  func attributes() throws {
    var fields = FieldChecks(domain: "test.patron")
    _ = fields.attributes("attributes", ["secret\u{202E}": "v", String(repeating: "k", count: 100_000): "v\u{0}"])
    #expect(fields.violations.map(\.field) == ["attributes.key", "attributes.value", "attributes.key"])
    #expect(fields.violations.allSatisfy { !$0.description.contains("secret") && $0.description.utf8.count < 200 })
  }
}
