import Basics
import ServiceKit
import Synchronization

/// Where a fault happens: what can be broken, who is calling meanwhile, and the chances.
final class FaultScene: Sendable {
  /// How many calls are to be answered between two events.
  private static let answersBetween = 5...40
  /// How long chance waits at most before a fault that may strike at any moment.
  private static let momentMicroseconds = 60_000

  let surroundings: Surroundings
  let caller: CallerProcess
  private let random: RandomSource
  private let sweeps = Mutex<[String: BoundarySweep]>([:])
  private let struck = Mutex<[String: Set<BatchPlace>]>([:])

  init(_ surroundings: Surroundings, caller: CallerProcess, random: RandomSource) {
    self.surroundings = surroundings
    self.caller = caller
    self.random = random
  }

  /// A number by chance.
  func number(_ range: ClosedRange<Int>) -> Int {
    var random = random
    return .random(in: range, using: &random)
  }

  /// Whether a coin falls on its service.
  func coin() -> Bool { number(0...1) == 0 }

  /// The seed of another sequence of chances.
  func seed() -> UInt64 { random.next() }

  /// One of the copies of loyalty.
  func copy() -> LoyaltyCopy {
    surroundings.copies[number(0...(surroundings.copies.count - 1))]
  }

  /// One of the copies, or all.
  func copies() -> [LoyaltyCopy] {
    number(0...2) == 0 ? surroundings.copies : [copy()]
  }

  /// Lets some calls be answered.
  func waitForAnswers() async throws {
    try await caller.waitForAnswers(number(Self.answersBetween))
  }

  /// Lets calls go on to any moment: somewhere in the middle of a batch.
  func waitForMoment() async throws {
    try await waitForAnswers()
    try await Task.sleep(for: .microseconds(number(0...Self.momentMicroseconds)), tolerance: .zero)
  }

  /// Breaks a batch on a copy's connection at the next place of a sweep.
  func strikeAtBoundary(_ act: BoundaryFault.Act, on copy: LoyaltyCopy, sweep name: String) async throws {
    let place = sweeps.withLock { $0[name, default: BoundarySweep()].place }
    let boundary = try await copy.proxy.strike(BoundaryFault(place: place, act: act))
    sweeps.withLock { $0[name, default: BoundarySweep()].advance(after: boundary) }
    _ = struck.withLock { $0[name, default: []].insert(boundary.place) }
  }

  /// At how many places of a batch each sweep has struck.
  var placeCounts: [String: Int] { struck.withLock { $0.mapValues(\.count) } }
}
