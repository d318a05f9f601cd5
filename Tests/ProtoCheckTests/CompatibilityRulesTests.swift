import Testing

@testable import proto_check

@Suite("Rules about change")
struct CompatibilityRulesTests {
  private func message(_ fields: String) -> ProtoSource {
    ProtoSource.file("// A message.\nmessage Sample {\n\(fields)\n}\n// A message.\nmessage Other {}")
  }

  private func findings(from before: String, to now: String) throws -> [String] {
    try message(now).findings(baseline: message(before))
  }

  @Test("a contract may stay as it is and grow")
  func growth() throws {
    #expect(try findings(from: "", to: "") == [])
    #expect(try findings(from: "int32 a = 1; // A.", to: "int32 a = 1; // A.\nint32 b = 2; // B.") == [])
  }

  @Test("a removed field must leave its number and its name reserved")
  func removedField() throws {
    let before = "int32 a = 1; // A."
    #expect(try findings(from: before, to: "") == ["7 FIELD_RESERVED", "7 FIELD_RESERVED"])
    #expect(try findings(from: before, to: "reserved 1;") == ["7 FIELD_RESERVED"])
    #expect(try findings(from: before, to: "reserved \"a\";") == ["7 FIELD_RESERVED"])
    #expect(try findings(from: before, to: "reserved 1 to 5; reserved \"a\";") == [])
  }

  @Test(
    "a field must keep its name, type, label, presence and oneof",
    arguments: [
      "int32 b = 1; // B.", "int64 a = 1; // A.", "repeated int32 a = 1; // A.", "optional int32 a = 1; // A.",
    ]
  )
  func changedField(now: String) throws {
    #expect(try findings(from: "int32 a = 1; // A.", to: now) == ["8 FIELD_SAME"])
  }

  @Test("a field must keep its message type and its oneof")
  func changedReference() throws {
    let another = "Another a = 1; // A.\n// M.\nmessage Another {}"
    #expect(try findings(from: "Other a = 1; // A.", to: another) == ["8 FIELD_SAME"])
    func oneof(_ name: String) -> String { "// O.\noneof \(name) {\nint32 a = 1; // A.\n}" }
    #expect(try findings(from: oneof("one"), to: oneof("two")) == ["10 FIELD_SAME"])
  }

  @Test("a removed or renamed enum value must leave its number and its name reserved")
  func enumValues() throws {
    func source(_ values: String) -> ProtoSource {
      ProtoSource.file("// An enum.\nenum Kind {\n// None.\nKIND_UNSPECIFIED = 0;\n\(values)\n}")
    }
    let before = source("KIND_A = 1; // A.")
    #expect(try source("").findings(baseline: before) == ["7 ENUM_VALUE_RESERVED"])
    #expect(try source("KIND_B = 1; // B.").findings(baseline: before) == ["7 ENUM_VALUE_RESERVED"])
    #expect(try source("reserved 1; reserved \"KIND_A\";").findings(baseline: before) == [])
  }

  @Test("messages, enums and methods must stay")
  func removals() throws {
    let before = ProtoSource.file(
      """
      // A service.
      service SampleService {
        // A method.
        rpc Get(GetRequest) returns (GetResponse);
      }
      // A message.
      message GetRequest {}
      // A message.
      message GetResponse {}
      // An enum.
      enum Kind {
        // None.
        KIND_UNSPECIFIED = 0;
      }
      """
    )
    #expect(try ProtoSource.file("").findings(baseline: before) == Array(repeating: "0 REMOVED", count: 4))
  }

  @Test("a method must keep its request, its response and what it streams")
  func changedMethod() throws {
    func source(_ response: String) -> ProtoSource {
      ProtoSource.file(
        """
        // A service.
        service SampleService {
          // A method.
          rpc Get(GetRequest) returns (\(response));
        }
        // A message.
        message GetRequest {}
        // A message.
        message GetResponse {}
        """
      )
    }
    #expect(try source("stream GetResponse").findings(baseline: source("GetResponse")) == ["9 RPC_SAME"])
  }

  @Test("what the tests use may change")
  func testing() throws {
    let before = ProtoSource.file("// A message.\nmessage Sample {}", package: "patron.testing.v1")
    #expect(try ProtoSource.file("", package: "patron.testing.v1").findings(baseline: before) == [])
  }
}
