import Foundation
import RPC

/// The generated description of the API and the page that shows it.
enum Documentation {
  /// Why the gateway does not start.
  struct Missing: Error, CustomStringConvertible {
    let file: String

    var description: String {
      "the documentation file \(file) is missing: install patron_GatewayService.resources beside the executable"
    }
  }

  /// The page loads its own script and style and reads openapi.json; nothing of others, and nothing inline.
  private static let policy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src data:",
    "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
  ]
  .joined(separator: "; ")

  private static let files = [
    (path: "/openapi.json", file: "openapi.json", type: "application/json"),
    (path: "/docs", file: "docs.html", type: "text/html; charset=utf-8"),
    (path: "/docs.css", file: "docs.css", type: "text/css; charset=utf-8"),
    (path: "/docs.js", file: "docs.js", type: "text/javascript; charset=utf-8"),
  ]

  /// Reads the pages.
  ///
  /// - Throws: ``Missing`` with the name of the first that is not there.
  static func pages() throws -> [WebPage] {
    let folder = Bundle.module.url(forResource: "documentation", withExtension: nil)
    return try files.map { path, file, type in
      guard let url = folder?.appendingPathComponent(file), let data = try? Data(contentsOf: url) else {
        throw Missing(file: file)
      }
      return WebPage(
        path: path,
        contentType: type,
        body: Array(data),
        headers: [(name: "content-security-policy", value: policy)]
      )
    }
  }
}
