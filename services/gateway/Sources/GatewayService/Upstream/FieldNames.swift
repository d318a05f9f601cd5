/// How the fields of a request to a service behind the gateway are called in the request that the caller sent. Fields that
/// are not listed are none of the caller's.
struct FieldNames: Sendable {
  /// What a field of the upstream's request was made from.
  enum Origin: Sendable {
    /// The field with this path, and what is inside of it with the same names.
    case field(String)
    /// The elements of the repeated field with this path, each as a whole.
    case elements(String)
    /// The field with this path, as a whole.
    case whole(String)
  }

  private let origins: [(upstream: String, origin: Origin)]

  /// - Parameters:
  ///   - same: Paths that are the same on both sides.
  ///   - others: Where fields with other paths come from, by whole paths or the beginnings of paths; the longest decides.
  init(_ same: [String], _ others: [String: Origin] = [:]) {
    let all = others.merging(same.map { ($0, .field($0)) }) { other, _ in other }
    origins = all.map { ($0.key, $0.value) }.sorted { $0.upstream.utf8.count > $1.upstream.utf8.count }
  }

  /// The caller's name of an upstream's field; nil if the caller sent no such field.
  func own(_ upstream: String) -> String? {
    for (prefix, origin) in origins where upstream.hasPrefix(prefix) {
      let rest = upstream.dropFirst(prefix.count)
      guard rest.isEmpty || rest.first == "." || rest.first == "[" else { continue }
      switch origin {
      case .field(let path): return path + rest
      case .whole(let path): return path
      case .elements(let path):
        guard rest.first == "[", let end = rest.firstIndex(of: "]") else { return path }
        return path + rest[...end]
      }
    }
    return nil
  }
}
