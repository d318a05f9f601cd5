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
    let proxies = settings.values(
      "web.trustedProxies",
      default: [String](),
      "Addresses of the proxies in front, such as 10.0.0.0/8, whose Forwarded and X-Forwarded-For say who calls."
    )
    configuration.trustedProxies = proxies.compactMap { AddressRange($0) }
    if configuration.trustedProxies.count < proxies.count {
      settings.report("web.trustedProxies must be addresses or ranges such as 10.0.0.7 or 10.0.0.0/8")
    }
    configuration.expectsProxyProtocol = settings.value(
      "web.proxyProtocol",
      default: false,
      "Whether those proxies begin each connection with a PROXY protocol header, version 2."
    )
    configuration.addressRate = Self.rate(settings)
    self.configuration = isEnabled ? configuration : nil
  }

  private static func rate(_ settings: SettingsReader) -> AddressRate? {
    let defaults = WebConfiguration.defaults.addressRate ?? AddressRate(callsPerSecond: 0, burst: 0)
    let callsPerSecond = settings.value(
      "web.callsPerSecondByAddress",
      default: defaults.callsPerSecond,
      in: 0...1_000_000,
      "Calls that one address may make each second in the long run; 0 for any number. This machine's own are not limited."
    )
    let burst = settings.value(
      "web.callBurstByAddress",
      default: defaults.burst,
      in: 1...10_000_000,
      "Calls that one address may make at once beyond that."
    )
    return callsPerSecond == 0 ? nil : AddressRate(callsPerSecond: callsPerSecond, burst: burst)
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
