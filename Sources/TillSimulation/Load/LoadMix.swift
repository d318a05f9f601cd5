import LocalSuite

/// Which share of the requests is of which kind.
package struct LoadMix: Codable, Hashable, Sendable {
  /// One kind's share.
  struct Part: Codable, Hashable, Sendable {
    /// The kind's name.
    var kind: String
    /// Its weight beside the others'; percents, if they add up to 100.
    var weight: Double
  }

  /// In the order of the list of kinds.
  private(set) var parts: [Part]

  /// Reads "earn=70,redeem=20,refund=6".
  package init(_ text: String, service: LoadService) throws(LoadError) {
    let known = LoadKind.all.filter { $0.services.contains(service) }
    let names = known.map(\.name).joined(separator: ", ")
    var weights: [String: Double] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", omittingEmptySubsequences: false)
      guard words.count == 2, let weight = Double(words[1]), weight.isFinite, weight >= 0 else {
        throw LoadError("--mix: \"\(part)\" is not of the form kind=weight, as in earn=70,redeem=20,refund=10.")
      }
      let name = String(words[0])
      guard known.contains(where: { $0.name == name }) else {
        throw LoadError("--mix: there is no kind \"\(name)\" for \(service.rawValue). There are \(names).")
      }
      guard weights.updateValue(weight, forKey: name) == nil else { throw LoadError("--mix names \(name) twice.") }
    }
    parts = known.compactMap { kind in
      weights[kind.name].flatMap { $0 > 0 ? Part(kind: kind.name, weight: $0) : nil }
    }
    guard known.contains(where: { $0.sells && share(of: $0.name) > 0 }) else {
      let selling = known.filter(\.sells).map(\.name).joined(separator: ", ")
      throw LoadError("--mix sells nothing, so there is nothing to give back or repeat: add one of \(selling).")
    }
  }

  /// The mix of a peak hour.
  package static func standard(_ service: LoadService) -> LoadMix {
    let total = LoadKind.all.filter { $0.services.contains(service) }
    return LoadMix(parts: total.map { Part(kind: $0.name, weight: $0.standardWeight(service)) })
  }

  private init(parts: [Part]) {
    self.parts = parts.filter { $0.weight > 0 }
  }

  /// The share of a kind, 0 to 1.
  func share(of kind: String) -> Double {
    let total = parts.reduce(0) { $0 + $1.weight }
    let weight = parts.first { $0.kind == kind }?.weight ?? 0
    return total > 0 ? weight / total : 0
  }

  /// The kind that a number from 0 up to, not including, 1 falls on.
  func kind(at number: Double) -> String {
    var rest = number * parts.reduce(0) { $0 + $1.weight }
    for part in parts {
      rest -= part.weight
      if rest < 0 { return part.kind }
    }
    return parts[parts.count - 1].kind
  }

  /// As it is written on the command line.
  package var text: String {
    parts.map { part in
      "\(part.kind)=\(Text.trimmed(part.weight))"
    }.joined(separator: ",")
  }
}
