import Testing

@testable import patron

@Suite("The instants that patron audit takes")
struct AuditCommandTests {
  @Test(
    "are UTC, to the microsecond",
    arguments: [
      ("1970-01-01T00:00:01Z", 1_000_000), ("1970-01-01T00:00:00.5Z", 500_000),
      ("1970-01-02T00:00:00.000001Z", 86_400_000_001),
    ]
  )
  func instants(text: String, microseconds: Int64) {
    #expect(AuditCommand.microseconds(text) == microseconds)
  }

  @Test(
    "are nothing else",
    arguments: ["", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00:00.0000001Z", "now"]
  )
  func refused(text: String) {
    #expect(AuditCommand.microseconds(text) == nil)
  }
}
