/// Where the five services listen on this machine.
struct SuitePorts: Hashable, Sendable {
  /// The five services: those that own data, and the gateway before them.
  static let services = ["members", "loyalty", "campaigns", "feedback", "gateway"]

  /// The port of `gateway`; the others' follow from it.
  var base = 7400

  /// The port of a service's gRPC.
  func listen(_ service: String) -> Int {
    base + offset(service)
  }

  /// The port of a service's health, readiness and metrics over HTTP.
  func admin(_ service: String) -> Int {
    base + 90 + offset(service)
  }

  /// A service's gRPC address.
  func address(_ service: String) -> String {
    "127.0.0.1:\(listen(service))"
  }

  private func offset(_ service: String) -> Int {
    ["gateway", "members", "loyalty", "campaigns", "feedback"].firstIndex(of: service) ?? 0
  }
}
