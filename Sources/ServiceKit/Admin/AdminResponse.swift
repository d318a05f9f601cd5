import NIOHTTP1

/// An answer of the admin port.
struct AdminResponse: Sendable {
  let status: HTTPResponseStatus
  let contentType: String
  let body: String

  static func text(_ status: HTTPResponseStatus, _ body: String) -> AdminResponse {
    AdminResponse(status: status, contentType: "text/plain; charset=utf-8", body: body + "\n")
  }
}

/// What the admin port answers.
struct AdminRoutes: Sendable {
  let metrics: PrometheusRegistry
  let readiness: Readiness

  func respond(to method: HTTPMethod, path: String) -> AdminResponse {
    guard method == .GET || method == .HEAD else { return .text(.methodNotAllowed, "use GET") }
    switch path.prefix(while: { $0 != "?" }) {
    case "/metrics":
      return AdminResponse(status: .ok, contentType: PrometheusText.contentType, body: metrics.scrape())
    case "/healthz":
      return .text(.ok, "ok")
    case "/readyz":
      let missing = readiness.missing
      let troubles = readiness.troubles.map { "degraded: \($0)" }
      let lines = (missing.isEmpty ? ["ready"] : missing) + troubles
      return .text(missing.isEmpty ? .ok : .serviceUnavailable, lines.joined(separator: "\n"))
    default:
      return .text(.notFound, "there are /metrics, /healthz and /readyz")
    }
  }
}
