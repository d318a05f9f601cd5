import Foundation
import LocalSuite

/// What was acknowledged to all processes of a run.
package struct AcknowledgedMutations: Sendable {
  /// How many there are.
  private(set) var counts = AcknowledgedCounts()
  /// Some of them, evenly chosen.
  private(set) var sample: [AcknowledgedMutation] = []

  /// Reads the journals of a run.
  ///
  /// - Parameter sampleMaximum: How many to keep.
  package init(directory: String, sampleMaximum: Int) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".journal") }
    let files = try names.sorted().map { name in
      try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)"), options: .alwaysMapped)
    }
    let size = AcknowledgedMutation.recordBytes
    let total = files.reduce(0) { $0 + $1.count / size }
    var number = 0
    for file in files {
      for place in 0..<(file.count / size) {
        let start = file.startIndex + place * size
        if let kind = AcknowledgedMutation.Kind(rawValue: file[start]) { counts.add(kind) }
        // Every record that begins another of `sampleMaximum` equal parts.
        let isFirst = number == 0 || number * sampleMaximum / total != (number - 1) * sampleMaximum / total
        if isFirst, let mutation = AcknowledgedMutation(file[start..<(start + size)]) { sample.append(mutation) }
        number += 1
      }
    }
  }
}

/// How many changes of each kind were acknowledged.
struct AcknowledgedCounts: Codable, Hashable, Sendable {
  /// Orders posted.
  var orders = 0
  /// Orders taken back.
  var reversals = 0
  /// Payments into stored values and out of them.
  var storedValueMovements = 0

  /// Counts one more.
  mutating func add(_ kind: AcknowledgedMutation.Kind) {
    switch kind {
    case .order: orders += 1
    case .reversal: reversals += 1
    case .storedValue: storedValueMovements += 1
    }
  }

  /// In words.
  var text: String {
    "\(Text.count(orders)) orders, \(Text.count(reversals)) reversals and \(Text.count(storedValueMovements)) movements of "
      + "stored values"
  }
}
