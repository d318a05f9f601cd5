import LocalSuite

/// Shows how the faults get on: a line for each kind that is drawn over and over on a terminal, a line for each fault
/// elsewhere.
struct ChaosBoard {
  private let terminal: Terminal
  private let faultCount: Int
  private(set) var tallies: [ChaosTally]
  private var isDrawn = false

  init(_ kinds: [FaultKind], faultCount: Int, terminal: Terminal) {
    self.terminal = terminal
    self.faultCount = faultCount
    tallies = kinds.map { ChaosTally(kind: $0.name) }
  }

  /// Takes note of a fault.
  mutating func add(_ tally: ChaosTally, time: Duration) {
    guard let index = tallies.firstIndex(where: { $0.kind == tally.kind }) else { return }
    tallies[index].add(tally)
    let done = tallies.reduce(0) { $0 + $1.faults }
    if terminal.isInteractive {
      draw(done)
    } else {
      terminal.write(line: "\(done)/\(faultCount)  \(tally.line)  \(Text.duration(time))")
    }
  }

  private mutating func draw(_ done: Int) {
    let lines = ["\(done) of \(faultCount) faults", ChaosTally.heading] + tallies.map(\.line)
    // Over what was drawn before.
    let up = isDrawn ? "\u{1B}[\(lines.count)A" : ""
    terminal.write(up + lines.map { "\u{1B}[K\($0)\n" }.joined())
    isDrawn = true
  }
}
