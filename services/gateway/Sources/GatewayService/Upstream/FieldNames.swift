/// Maps the fields of a request to an upstream service to the fields of the caller's request. Unlisted fields do not
/// come from the caller.
struct FieldNames: Sendable {
  /// The source of a field of the upstream's request.
  enum Origin: Sendable {
    /// The field at this path, including its subfields of the same names.
    case field(String)
    /// The elements of the repeated field at this path, without subfields.
    case elements(String)
    /// The field at this path, without subfields.
    case whole(String)
  }

  private let origins: [(upstream: String, origin: Origin)]

  /// - Parameters:
  ///   - same: Paths that are the same in both requests.
  ///   - others: Sources of other fields, by whole paths or the beginnings of paths. The longest match applies.
  init(_ same: [String], _ others: [String: Origin] = [:]) {
    let all = others.merging(same.map { ($0, .field($0)) }) { other, _ in other }
    origins = all.map { ($0.key, $0.value) }.sorted { $0.upstream.utf8.count > $1.upstream.utf8.count }
  }

  /// Returns the path in the caller's request of the upstream's field `upstream`. Nil if it does not come from the
  /// caller.
  func callerPath(of upstream: String) -> String? {
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
