/// Finds what somebody who mistyped a name most likely meant.
enum NearestName {
  /// The candidate with the fewest edits, unless even that one is far off.
  static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
    let ranked = candidates.map { (name: $0, distance: distance(name, $0)) }
    guard let best = ranked.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
    return best.distance <= max(2, name.count / 3) ? best.name : nil
  }

  /// A clause to append to "unknown …": empty when nothing is near.
  static func hint(_ name: String, among candidates: some Sequence<String>) -> String {
    guard let nearest = of(name, among: candidates) else { return "" }
    return "; the nearest known one is \(nearest)"
  }

  /// Levenshtein's distance: insertions, deletions and replacements of one byte.
  static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    var row = Array(0...right.count)
    for (leftIndex, leftByte) in left.enumerated() {
      var diagonal = row[0]
      row[0] = leftIndex + 1
      for (rightIndex, rightByte) in right.enumerated() {
        let replaced = diagonal + (leftByte == rightByte ? 0 : 1)
        diagonal = row[rightIndex + 1]
        row[rightIndex + 1] = min(replaced, diagonal + 1, row[rightIndex] + 1)
      }
    }
    return row[right.count]
  }
}
