import Basics
import NIOCore
import Synchronization

/// How many calls one address may make.
public struct AddressRate: Sendable, Hashable {
  /// In the long run.
  public var callsPerSecond: Int
  /// At once.
  public var burst: Int

  /// Makes a rate.
  public init(callsPerSecond: Int, burst: Int) {
    self.callsPerSecond = callsPerSecond
    self.burst = burst
  }
}

/// A token bucket for each address that has called lately. Thread-safe.
///
/// A bucket that is full again says nothing and is forgotten, so the table is bounded by what called within the time that
/// a bucket takes to fill.
final class AddressRates: Sendable {
  private struct Bucket: Sendable {
    var tokens: Double
    var filledAt: NIODeadline
  }

  private struct State: Sendable {
    var buckets: [IPAddress: Bucket] = [:]
    var forgetsAt: Int
  }

  private static let bucketsAtFirst = 4096

  private let rate: AddressRate
  private let state = Mutex(State(forgetsAt: bucketsAtFirst))

  init(_ rate: AddressRate) { self.rate = rate }

  /// Takes a token.
  ///
  /// - Returns: Nil when there was one, otherwise how long until there is.
  func take(_ address: IPAddress, now: NIODeadline) -> Duration? {
    state.withLock { state in
      var bucket = state.buckets[address] ?? Bucket(tokens: Double(rate.burst), filledAt: now)
      fill(&bucket, now)
      defer {
        state.buckets[address] = bucket
        if state.buckets.count > state.forgetsAt { forgetFull(&state, now) }
      }
      if bucket.tokens >= 1 {
        bucket.tokens -= 1
        return nil
      }
      return .nanoseconds(Int64((1 - bucket.tokens) / Double(rate.callsPerSecond) * 1e9))
    }
  }

  private func fill(_ bucket: inout Bucket, _ now: NIODeadline) {
    let seconds = Double(max(0, (now - bucket.filledAt).nanoseconds)) / 1e9
    bucket.tokens = min(Double(rate.burst), bucket.tokens + seconds * Double(rate.callsPerSecond))
    bucket.filledAt = now
  }

  private func forgetFull(_ state: inout State, _ now: NIODeadline) {
    state.buckets = state.buckets.filter { _, bucket in
      var bucket = bucket
      fill(&bucket, now)
      return bucket.tokens < Double(rate.burst)
    }
    state.forgetsAt = max(Self.bucketsAtFirst, state.buckets.count * 2)
  }

  /// The number of addresses remembered.
  var count: Int { state.withLock { $0.buckets.count } }
}
