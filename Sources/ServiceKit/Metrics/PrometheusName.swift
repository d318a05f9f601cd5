/// Names as Prometheus takes them: letters, digits and underscores, with the unit last.
enum PrometheusName {
  /// `grpc.server.call.duration` with `_seconds` → `grpc_server_call_duration_seconds`
  static func metric(_ label: String, suffix: String) -> String {
    let name = sanitized(label, allowsColon: true)
    return name.hasSuffix(suffix) ? name : name + suffix
  }

  static func label(_ name: String) -> String { sanitized(name, allowsColon: false) }

  private static func sanitized(_ name: String, allowsColon: Bool) -> String {
    var result = ""
    for character in name.unicodeScalars {
      switch character {
      case "a"..."z", "A"..."Z", "_": result.unicodeScalars.append(character)
      case "0"..."9":
        if result.isEmpty { result += "_" }
        result.unicodeScalars.append(character)
      case ":" where allowsColon: result.unicodeScalars.append(character)
      default: result += "_"
      }
    }
    return result.isEmpty ? "_" : result
  }
}
