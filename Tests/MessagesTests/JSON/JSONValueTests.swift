import Testing

@testable import Messages

@Suite("JSON values")
struct JSONValueTests {
  private func parse(_ json: String, bytes: Int = 1000, depth: Int = 3) throws(MessageError) -> JSONValue {
    try JSONValue(parsing: Array(json.utf8), bytesMaximum: bytes, depthMaximum: depth)
  }

  private func failure(_ json: String, bytes: Int = 1000) -> MessageError? {
    do throws(MessageError) {
      _ = try parse(json, bytes: bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test("are read with everything in them")
  func values() throws {
    guard case .object(let members) = try parse(#" {"a": [null, true, -1.5, "x"], "b": {}} "#),
      case .array(let elements) = members["a"], elements.count == 4,
      case .null = elements[0], case .boolean(true) = elements[1], case .number(let number) = elements[2],
      case .string("x") = elements[3], case .object(let empty) = members["b"]
    else {
      Issue.record("the value has another form")
      return
    }
    #expect(number.floatingPoint(Double.self) == -1.5)
    #expect(empty.isEmpty)
  }

  @Test("name the place that cannot be read")
  func places() {
    #expect(failure(#"{"a": [1, }"#) == MessageError(.malformedJSON, "$.a[1]"))
    #expect(failure(#"{"a": {"b": 1, "b": 1}}"#) == MessageError(.duplicateField, "$.a.b"))
    #expect(failure("1 2")?.kind == .malformedJSON)
    #expect(failure("")?.kind == .malformedJSON)
  }

  @Test("are bounded in size and depth")
  func limits() {
    #expect(failure("[[[]]]") == nil)
    #expect(failure("[[[[]]]]") == MessageError(.tooDeep, "$[0][0][0]"))
    #expect(failure(#"{"a":{"b":{"c":{}}}}"#) == MessageError(.tooDeep, "$.a.b.c"))
    #expect(failure("123", bytes: 2)?.kind == .tooLarge)
  }
}
