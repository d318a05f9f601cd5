import Foundation
public import RPC

/// Whether and how a service is served to the web: HTTP/1.1, gRPC-Web and Connect beside gRPC.
public struct WebSettings: Sendable {
  /// Nil when gRPC over HTTP/2 is all.
  public let configuration: WebConfiguration?

  /// Reads the group.
  ///
  /// - Parameter isOnByDefault: Whether the service is for clients outside of the suite.
  public init(_ settings: SettingsReader, isOnByDefault: Bool) {
    let isEnabled = settings.value(
      "web.enabled",
      default: isOnByDefault,
      "Whether HTTP/1.1, gRPC-Web and Connect are served on the same addresses as gRPC."
    )
    var configuration = WebConfiguration()
    let origins = settings.values(
      "web.allowedOrigins",
      default: [String](),
      "Origins whose pages may call, such as https://shop.example; * for all."
    )
    for origin in origins where origin != "*" && !Self.isOrigin(origin) {
      settings.report("web.allowedOrigins: \(origin) is not an origin such as https://shop.example")
    }
    configuration.allowedOrigins = origins.contains("*") ? .all : origins.isEmpty ? .none : .some(Set(origins))
    configuration.idleTimeout = settings.value(
      "web.idleTimeout",
      default: configuration.idleTimeout,
      in: .seconds(1) ... .seconds(3600),
      "How long an HTTP/1.1 connection may be without a request."
    )
    self.configuration = isEnabled ? configuration : nil
  }

  /// Whether a text is a scheme, a host and perhaps a port, as browsers send it (RFC 6454 section 6.2).
  private static func isOrigin(_ text: String) -> Bool {
    guard let components = URLComponents(string: text), let scheme = components.scheme, let host = components.host
    else {
      return false
    }
    return (scheme == "https" || scheme == "http") && !host.isEmpty && components.path.isEmpty
      && components.query == nil
      && components.user == nil && text == text.lowercased()
  }
}
