import Testing

@testable import RPC

@Suite("Which entry of a service config holds for a method")
struct MethodConfigTableTests {
  /// Returns the limit, which identifies the entry.
  private func limit(_ service: String, _ method: String, _ names: [(String, String)]) -> Int? {
    let configs = names.enumerated().map { index, name in
      MethodConfig(names: [.init(service: name.0, method: name.1)], requestBytesMaximum: index)
    }
    let descriptor = MethodDescriptor(service: service, name: method, kind: .unary)
    return MethodConfigTable(configs).entry(for: descriptor)?.config.requestBytesMaximum
  }

  @Test("its own, or else its service's, or else that of all")
  func precedence() {
    let names = [("", ""), ("S", ""), ("S", "M")]
    #expect(limit("S", "M", names) == 2)
    #expect(limit("S", "N", names) == 1)
    #expect(limit("T", "M", names) == 0)
    #expect(limit("T", "M", [("S", ""), ("S", "M")]) == nil)
    #expect(limit("S", "M", []) == nil)
  }

  @Test("of two for the same the first")
  func duplicates() {
    #expect(limit("S", "M", [("S", "M"), ("S", "M")]) == 0)
  }
}
