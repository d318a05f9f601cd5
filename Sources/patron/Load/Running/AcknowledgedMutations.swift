internal import Foundation

/// What all processes of a run were told.
struct AcknowledgedMutations: Sendable {
  /// How many there are.
  private(set) var counts = AcknowledgedCounts()
  /// Some of them, evenly chosen.
  private(set) var sample: [AcknowledgedMutation] = []

  /// Reads the journals of a run.
  ///
  /// - Parameter sampleMaximum: How many to keep.
  init(directory: String, sampleMaximum: Int) throws {
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
