/// A request that is not a call.
struct PlainRequest {
  var verb = HTTPVerb.other
  var path = ""
  /// Whether the path is a method's.
  var isMethod = false
  /// Whether that method may be called by GET.
  var mayGet = false
  var web = WebFields()
  /// The status when it is decided already.
  var status: Int?

  /// Makes a request that is answered with a status.
  init(status: Int) { self.status = status }

  init(verb: HTTPVerb, path: String, isMethod: Bool, mayGet: Bool, web: WebFields) {
    self.verb = verb
    self.path = path
    self.isMethod = isMethod
    self.mayGet = mayGet
    self.web = web
  }
}

/// The whole answer to a plain request.
struct PlainAnswer {
  var headers: HeaderBlock
  var body: [UInt8] = []
}

extension PlainRequest {
  /// Answers with a page, a browser's permission, or a refusal that says what to do.
  func answer(_ site: WebSite?) -> PlainAnswer {
    if let status { return site == nil ? Self.bare(status) : Self.refusal(status) }
    guard let site else { return Self.bare(415) }
    if verb == .options, web.origin != nil, web.corsMethod != nil { return preflight(site) }
    if isMethod {
      if verb == .post { return Self.refusal(415) }
      return mayGet && (verb == .get || verb == .head) ? Self.refusal(400) : Self.refusal(405)
    }
    guard let page = site.page(path) else { return Self.refusal(404) }
    guard verb == .get || verb == .head else { return Self.refusal(405, allow: "GET, HEAD") }
    return answer(page)
  }

  private func answer(_ page: WebPage) -> PlainAnswer {
    var headers = HeaderBlock()
    let isFresh = web.ifNoneMatch.map { $0.contains(page.entityTag) } ?? false
    headers.add(":status", isFresh ? "304" : "200")
    headers.add("etag", page.entityTag)
    headers.add("vary", "accept-encoding")
    headers.add("cache-control", "no-cache")
    headers.add("x-content-type-options", "nosniff")
    headers.add("referrer-policy", "no-referrer")
    headers.add("x-frame-options", "DENY")
    for (name, value) in page.headers { headers.addLiterally(name, value) }
    guard !isFresh else { return PlainAnswer(headers: headers) }
    headers.add("content-type", page.contentType)
    var body = page.body
    if web.acceptsGzip, let packed = page.packed {
      headers.add("content-encoding", "gzip")
      body = packed
    }
    headers.add("content-length", "\(body.count)")
    return PlainAnswer(headers: headers, body: verb == .head ? [] : body)
  }

  /// The header fields that pages may send, if they ask for them (Fetch, "CORS-preflight request").
  private static let corsHeadersBytesMaximum = 1024

  private func preflight(_ site: WebSite) -> PlainAnswer {
    guard let origin = site.allowed(web.origin) else { return Self.refusal(403) }
    var headers = HeaderBlock()
    headers.add(":status", "204")
    CORS.addOrigin(origin, to: &headers)
    headers.add("access-control-allow-methods", "GET, POST")
    if let asked = web.corsHeaders, asked.utf8.count <= Self.corsHeadersBytesMaximum {
      headers.add("access-control-allow-headers", asked)
    }
    headers.add("access-control-max-age", "\(site.configuration.corsMaxAge.components.seconds)")
    return PlainAnswer(headers: headers)
  }

  /// The answer of a server that only speaks gRPC.
  private static func bare(_ status: Int) -> PlainAnswer {
    PlainAnswer(headers: ResponseHeaders.block(httpStatus: status))
  }

  private static func refusal(_ status: Int, allow: String = "POST") -> PlainAnswer {
    var headers = HeaderBlock()
    headers.add(":status", "\(status)")
    if status == 405 { headers.add("allow", allow) }
    if status == 415 { headers.add("accept-post", contentTypes) }
    headers.add("content-type", "text/plain; charset=utf-8")
    headers.add("x-content-type-options", "nosniff")
    let body = Array((sentence(status, allow) + "\n").utf8)
    headers.add("content-length", "\(body.count)")
    return PlainAnswer(headers: headers, body: body)
  }

  private static let contentTypes = """
    application/json, application/proto, application/connect+json, application/connect+proto, application/grpc, \
    application/grpc-web, application/grpc-web-text
    """

  private static func sentence(_ status: Int, _ allow: String) -> String {
    switch status {
    case 400: "The query must have the parameters encoding (json or proto) and message."
    case 403: "Pages of this origin may not call the server; see the setting for allowed origins."
    case 404: "There is nothing at this path. A method's path is /package.Service/Method."
    case 405: "Send \(allow)."
    case 415: "Send one of the content types \(contentTypes), and te: trailers with application/grpc."
    case 431: "The header fields are too large."
    case 505: "gRPC needs HTTP/2. Over HTTP/1.1 send application/json, or gRPC-Web."
    default: "The request cannot be answered."
    }
  }
}

/// The fields that let a browser show an answer to a page of another origin.
enum CORS {
  static func addOrigin(_ origin: String, to headers: inout HeaderBlock) {
    headers.add("access-control-allow-origin", origin)
    headers.add("vary", "origin")
  }

  /// Adds the fields of a call's answer. A page may read all of its fields.
  static func add(_ origin: String, to headers: inout HeaderBlock) {
    addOrigin(origin, to: &headers)
    headers.add("access-control-expose-headers", "*")
  }
}
