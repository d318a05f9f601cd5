public import Basics
import Foundation
import ServiceKit

/// The seed of a property's cases: a new one each run, printed, or that in PATRON_TEST_SEED to repeat a run.
public struct PropertySeed: CustomStringConvertible, Sendable {
  public let value: UInt64

  public init(_ property: String) {
    let given = ProcessInfo.processInfo.environment["PATRON_TEST_SEED"].flatMap(UInt64.init)
    value = given ?? UInt64.random(in: .min ... .max)
    print("property \"\(property)\" runs with PATRON_TEST_SEED=\(value)")
  }

  public var random: RandomSource { .seeded(value) }
  public var description: String { "PATRON_TEST_SEED=\(value)" }
}
