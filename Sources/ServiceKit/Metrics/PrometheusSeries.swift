import CoreMetrics
import Synchronization

/// One number that several threads change: bits of a Double under compare-and-swap.
final class AtomicDouble: Sendable {
  private let bits = Atomic<UInt64>(0)

  var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  func store(_ value: Double) {
    bits.store(value.bitPattern, ordering: .relaxed)
  }

  func add(_ amount: Double) {
    var seen = bits.load(ordering: .relaxed)
    while true {
      let wanted = (Double(bitPattern: seen) + amount).bitPattern
      let (exchanged, original) = bits.weakCompareExchange(expected: seen, desired: wanted, ordering: .relaxed)
      if exchanged { return }
      seen = original
    }
  }
}

/// A number that only grows.
final class CounterSeries: CounterHandler, FloatingPointCounterHandler {
  private let whole = Atomic<Int64>(0)
  private let fraction = AtomicDouble()

  var value: Double { Double(whole.load(ordering: .relaxed)) + fraction.value }

  func increment(by amount: Int64) {
    whole.wrappingAdd(amount, ordering: .relaxed)
  }

  func increment(by amount: Double) {
    fraction.add(amount)
  }

  func reset() {
    whole.store(0, ordering: .relaxed)
    fraction.store(0)
  }
}

/// A number that goes up and down.
final class GaugeSeries: MeterHandler, RecorderHandler {
  private let number = AtomicDouble()

  var value: Double { number.value }

  func set(_ value: Int64) { number.store(Double(value)) }
  func set(_ value: Double) { number.store(value) }
  func increment(by amount: Double) { number.add(amount) }
  func decrement(by amount: Double) { number.add(-amount) }
  func record(_ value: Int64) { number.store(Double(value)) }
  func record(_ value: Double) { number.store(value) }
}

/// A number that is asked for when it is needed.
final class ComputedSeries: Sendable {
  let read: @Sendable () -> Double

  init(_ read: @escaping @Sendable () -> Double) {
    self.read = read
  }
}
