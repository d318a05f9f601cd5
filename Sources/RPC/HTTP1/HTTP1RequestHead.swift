import NIOHTTP1

/// The head of an HTTP/1.1 request as a stream's header fields, after the checks that keep two servers in a row from
/// reading it differently (RFC 9112 sections 3.2, 6.1 and 6.3, "request smuggling").
struct HTTP1RequestHead {
  /// Whether the connection serves another request afterwards.
  let keepsAlive: Bool
  let isHTTP10: Bool
  /// Whether the client waits for "100 Continue" before the body.
  let expectsContinue: Bool
  private let head: HTTPRequestHead
  private let path: String

  /// Returns nil when the head is malformed or ambiguous.
  init?(_ head: HTTPRequestHead) {
    guard head.version == .http1_1 || head.version == .http1_0 else { return nil }
    isHTTP10 = head.version == .http1_0
    guard Self.hasOneHost(head), Self.hasOneLength(head), let path = Self.path(head) else { return nil }
    self.head = head
    self.path = path
    expectsContinue = !isHTTP10 && head.headers["expect"].contains { $0.lowercased() == "100-continue" }
    // Another protocol is not taken up, and the parser stops after such a request.
    keepsAlive = head.isKeepAlive && !head.headers.contains(name: "upgrade")
  }

  private static func hasOneHost(_ head: HTTPRequestHead) -> Bool {
    let hosts = head.headers["host"]
    return head.version == .http1_0 ? hosts.count <= 1 : hosts.count == 1
  }

  private static func hasOneLength(_ head: HTTPRequestHead) -> Bool {
    let lengths = head.headers["content-length"]
    let codings = head.headers["transfer-encoding"]
    if lengths.isEmpty, codings.isEmpty { return true }
    if codings.isEmpty {
      return lengths.count == 1 && !lengths[0].isEmpty && lengths[0].utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }
    return lengths.isEmpty && head.version == .http1_1 && codings.count == 1 && codings[0].lowercased() == "chunked"
  }

  /// Returns the path and query of a target in one of the forms of RFC 9112 section 3.2.
  private static func path(_ head: HTTPRequestHead) -> String? {
    let target = head.uri
    if target.hasPrefix("/") { return target }
    if target == "*" { return head.method == .OPTIONS ? target : nil }
    for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
      let rest = target.dropFirst(scheme.count)
      guard let start = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return rest.isEmpty ? nil : "/" }
      guard start > rest.startIndex else { return nil }
      return rest[start] == "/" ? String(rest[start...]) : "/" + rest[start...]
    }
    return nil
  }

  /// Passes the fields as HTTP/2 would, names in small letters, first the method and the path.
  func forEachField(_ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void) {
    func pass(_ name: String, _ value: String) {
      var name = name
      var value = value
      name.withUTF8 { name in value.withUTF8 { body(UnsafeRawBufferPointer(name), UnsafeRawBufferPointer($0)) } }
    }
    pass(":method", head.method.rawValue)
    pass(":path", path)
    for (name, value) in head.headers { pass(name.lowercased(), value) }
  }
}
