/// A random generator that a test can replace.
struct InjectedRandom: RandomNumberGenerator, Sendable {
  private let source: @Sendable () -> UInt64

  init(_ source: @escaping @Sendable () -> UInt64) {
    self.source = source
  }

  func next() -> UInt64 { source() }

  static let system = InjectedRandom {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
