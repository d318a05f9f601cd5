import Testing

@testable import LocalSuite

@Suite("Database addresses")
struct DatabaseAddressTests {
  @Test("a service gets a URL of its own on the operator's server")
  func serviceURL() throws {
    let server = try ServerAccess(url: "postgres://admin:p%40ss@db.example:6543/shop?sslmode=require")
    #expect(server.role == "admin")
    #expect(server.password == "p@ss")
    #expect(
      server.address.url(role: "members", password: "secret")
        == "postgresql://members:secret@db.example:6543/shop?sslmode=require"
    )
    #expect(server.url() == "postgresql://admin:p%40ss@db.example:6543/shop?sslmode=require")
  }

  @Test("a unix socket's folder is given as a parameter")
  func socket() throws {
    let address = DatabaseAddress(host: "/a folder/run", port: 5432, database: "patron")
    #expect(
      address.url(role: "members", password: "x")
        == "postgresql://members:x@/patron?host=%2Fa%20folder%2Frun&port=5432"
    )
    let server = try ServerAccess(url: "postgresql://admin@/shop?host=/var/run/postgresql")
    #expect(server.address.host == "/var/run/postgresql")
    #expect(server.address.port == 5432)
  }

  @Test("the database is called patron if the URL names none")
  func defaults() throws {
    #expect(try ServerAccess(url: "postgres://admin@localhost").address.database == "patron")
  }

  @Test("other forms are refused", arguments: ["", "mysql://a@b/c", "host=localhost user=a", "postgres://localhost/x"])
  func refused(url: String) {
    #expect(throws: SuiteError.self) { try ServerAccess(url: url) }
  }
}
