/// How the fields of a request to a service behind the gateway are called in the request that the caller sent.
struct FieldNames: Sendable {
  private let renamed: [(upstream: String, own: String)]

  /// Fields that bear the same names on both sides.
  static let same = FieldNames([:])

  /// - Parameter renamed: The gateway's names by the upstream's, for those that differ, whole paths or the beginnings
  ///   of paths. Empty where the caller sent no such field.
  init(_ renamed: [String: String]) {
    self.renamed = renamed.map { ($0.key, $0.value) }.sorted { $0.upstream.utf8.count > $1.upstream.utf8.count }
  }

  /// The gateway's name of an upstream's field; nil if the caller sent no such field.
  func own(_ upstream: String) -> String? {
    for (prefix, own) in renamed where upstream.hasPrefix(prefix) {
      let rest = upstream.dropFirst(prefix.count)
      guard rest.isEmpty || rest.first == "." || rest.first == "[" else { continue }
      return own.isEmpty ? nil : own + rest
    }
    return upstream
  }
}
