import Testing

@testable import RPC

@Suite("Methods by path")
struct MethodTableTests {
  private func find(_ table: MethodTable, _ path: String) -> RegisteredMethod? {
    Array(path.utf8).withUnsafeBytes { table.find($0) }
  }

  private func method(_ service: String, _ name: String) -> ServerMethod {
    ServerMethod(descriptor: MethodDescriptor(service: service, name: name, kind: .unary)) { _ in }
  }

  @Test("Every method is found, nothing else is")
  func find() throws {
    let methods = (0..<200).map { method("a.b.v1.Service\($0 % 7)", "Method\($0)") }
    let table = try MethodTable(methods, limits: .defaults)
    for method in methods { #expect(find(table, method.descriptor.path)?.method.descriptor == method.descriptor) }
    for path in ["", "/", "/a", "/a.b.v1.Service1/Method2", "/a.b.v1.Service0/Method0 ", "x/Method0"] {
      #expect(find(table, path) == nil)
    }
    #expect(table.count == 200)
  }

  @Test("Numbers are unique and start at 1")
  func numbers() throws {
    let table = try MethodTable([method("s", "a"), method("s", "b")], limits: .defaults)
    #expect(find(table, "/s/a")?.number == 1)
    #expect(find(table, "/s/b")?.number == 2)
  }

  @Test("A method registered twice is refused")
  func duplicate() {
    #expect(throws: RuntimeError.self) {
      try MethodTable([method("s", "a"), method("s", "a")], limits: .defaults)
    }
  }

  @Test("A method may have its own limit (row 2)")
  func limit() throws {
    var limits = ServerLimits.defaults
    limits.requestBytesMaximumByMethod["s/a"] = 10
    let table = try MethodTable([method("s", "a"), method("s", "b")], limits: limits)
    #expect(find(table, "/s/a")?.requestBytesMaximum == 10)
    #expect(find(table, "/s/b")?.requestBytesMaximum == 4 << 20)
  }
}
