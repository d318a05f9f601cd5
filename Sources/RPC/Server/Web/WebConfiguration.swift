/// How a server serves the web: HTTP/1.1, gRPC-Web and Connect beside gRPC on the same addresses, and pages.
public struct WebConfiguration: Sendable {
  /// The origins whose pages may call the server (Fetch, "CORS protocol"). Default none: only pages of its own.
  public var allowedOrigins = AllowedOrigins.none

  /// How long a browser may remember what it was allowed. Default 2 h, the most that browsers take.
  public var corsMaxAge = Duration.seconds(7200)

  /// What GET finds, besides calls.
  public var pages: [WebPage] = []

  /// How long an HTTP/1.1 connection may be without a request. Default 75 s.
  public var idleTimeout = Duration.seconds(75)

  /// The proxies in front of the server. Whom a request of theirs comes from is read in `Forwarded` or
  /// `X-Forwarded-For`. Default none: those fields are ignored.
  public var trustedProxies: [AddressRange] = []

  /// Whether those proxies begin each connection with a header of PROXY protocol version 2. Default false.
  public var expectsProxyProtocol = false

  /// How many calls an address may make before RESOURCE_EXHAUSTED. This machine's own are not limited. Nil limits none.
  /// Default 1,000 a second and 5,000 at once: what a store of fifty tills behind one address needs ten times over.
  public var addressRate: AddressRate? = AddressRate(callsPerSecond: 1000, burst: 5000)

  /// Bytes of a refused request that are read and dropped so that its connection can go on. More end it. Default 256 KiB.
  public var droppedBytesMaximum = 256 << 10

  /// The defaults.
  public static let defaults = WebConfiguration()

  /// Makes a configuration with the defaults.
  public init() {}
}

/// The origins whose pages may call a server.
public enum AllowedOrigins: Sendable, Hashable {
  /// No other origin.
  case none
  /// Every origin.
  case all
  /// These, such as `https://shop.example`.
  case some(Set<String>)

  /// Returns whether pages of an origin may call the server.
  public func contains(_ origin: String) -> Bool {
    switch self {
    case .none: false
    case .all: true
    case .some(let origins): origins.contains(origin)
    }
  }
}

/// Something that a GET returns: a page, a script, a document.
public struct WebPage: Sendable {
  /// The path, such as `/docs`.
  public let path: String
  let contentType: String
  let body: [UInt8]
  /// Nil when it would not be smaller.
  let packed: [UInt8]?
  let entityTag: String
  /// Further header fields.
  let headers: [(name: String, value: String)]

  /// Makes a page.
  ///
  /// - Parameters:
  ///   - contentType: Such as `text/html; charset=utf-8`.
  ///   - headers: Further header fields of the answer, names in small letters.
  public init(path: String, contentType: String, body: [UInt8], headers: [(name: String, value: String)] = []) {
    self.path = path
    self.contentType = contentType
    self.body = body
    self.headers = headers
    packed = Gzip.packWhole(body)
    entityTag = "\"\(String(Self.hash(body), radix: 16))-\(body.count)\""
  }

  /// FNV-1a: tells versions apart. Nobody gains by making two alike.
  private static func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

/// The pages and the origins of a server as its connections use them.
struct WebSite: Sendable {
  let configuration: WebConfiguration
  let proxies: ForwardedAddress
  let rates: AddressRates?
  private let pages: [String: WebPage]

  init(_ configuration: WebConfiguration) {
    self.configuration = configuration
    proxies = ForwardedAddress(trusted: configuration.trustedProxies)
    rates = configuration.addressRate.map { AddressRates($0) }
    pages = Dictionary(configuration.pages.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
  }

  func page(_ path: String) -> WebPage? { pages[path] }

  /// Returns the origin if its pages may call the server.
  func allowed(_ origin: String?) -> String? {
    guard let origin, configuration.allowedOrigins.contains(origin) else { return nil }
    return origin
  }
}
