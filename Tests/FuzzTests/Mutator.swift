import SeededRandomness

/// Changes inputs at random, reproducibly for a seed.
struct Mutator {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// Returns one of the inputs with a few bytes changed, removed, doubled or copied from another.
  mutating func mutate(_ inputs: [[UInt8]]) -> [UInt8] {
    var input = inputs[number(below: inputs.count)]
    for _ in 0...number(below: 8) {
      let position = number(below: input.count + 1)
      switch number(below: 4) {
      case 0 where position < input.count: input[position] = UInt8(number(below: 256))
      case 1 where position < input.count:
        input.removeSubrange(position..<min(input.count, position + number(below: 16)))
      case 2: input.insert(UInt8(number(below: 256)), at: position)
      default:
        let other = inputs[number(below: inputs.count)]
        let start = number(below: other.count + 1)
        input.insert(contentsOf: other[start..<min(other.count, start + number(below: 64))], at: position)
      }
    }
    return input
  }

  private mutating func number(below limit: Int) -> Int { Int(random.next() % UInt64(max(limit, 1))) }
}
