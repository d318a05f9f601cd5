import Basics
import Histogram
import ServiceKit
import Synchronization

/// Calls something at a fixed rate, whether or not earlier calls have been answered: an open loop. Latency counts from the
/// moment at which a call was meant to start, so that a stall is felt by every call that fell into it (no coordinated
/// omission).
package struct OpenLoop: Sendable {
  /// Calls a second.
  var rate: Double
  var duration: Duration
  /// With this number of unanswered calls the server is taken to be overwhelmed, and the loop ends early.
  var inFlightMaximum = 5_000
  /// Ends the loop before its time.
  var stop = StopSignal()

  package init(rate: Double, duration: Duration, inFlightMaximum: Int = 5_000, stop: StopSignal = StopSignal()) {
    self.rate = rate
    self.duration = duration
    self.inFlightMaximum = inFlightMaximum
    self.stop = stop
  }

  /// Runs the loop. `call` gets the number of the call, from 0.
  package func run(_ call: @escaping @Sendable (Int) async throws -> Void) async -> LoopReport {
    let recorder = LatencyRecorder()
    let start = ContinuousClock.now + .milliseconds(5)
    let curve = RateCurve.constant(rate, seconds: duration / .seconds(1))
    let schedule = ArrivalSchedule(curve, spacing: .even, random: .system)
    let begun = await withDiscardingTaskGroup(returning: Int.self) { group in
      var pacer = Pacer(schedule, start: start)
      var next = 0
      while recorder.inFlight < inFlightMaximum, let due = await pacer.next(unless: { stop.isRequested }) {
        let number = next
        recorder.begin()
        group.addTask {
          do {
            try await call(number)
            recorder.end(latency: ContinuousClock.now - due)
          } catch {
            recorder.fail(error)
          }
        }
        next += 1
      }
      return next
    }
    let offered = stop.isRequested ? begun : schedule.count
    return recorder.report(offered: offered, elapsed: ContinuousClock.now - start)
  }
}

/// What came of an open loop.
package struct LoopReport: Sendable {
  /// Calls that the rate and the duration ask for; those that had begun if somebody ended the loop.
  package var offered: Int
  package var answered: Int
  package var failed: Int
  /// What the first call that failed did so with.
  package var firstFailure: String?
  /// From the first call's start to the last one's answer.
  package var elapsed: Duration
  package var p50: Duration
  package var p99: Duration
  /// The longest that an answered call took.
  package var maximum: Duration

  /// Answered calls a second.
  package var perSecond: Double { Double(answered) / max(0.001, elapsed / .seconds(1)) }

  /// Whether all calls were answered, and 99 of 100 within `limit`.
  package func holds(within limit: Duration) -> Bool {
    answered == offered && p99 <= limit
  }
}

/// Collects latencies from many tasks.
private final class LatencyRecorder: Sendable {
  private struct State {
    /// In microseconds, up to a minute, to three digits.
    var histogram = Histogram<UInt32>(
      lowestDiscernibleValue: 1,
      highestTrackableValue: 60_000_000,
      numberOfSignificantValueDigits: .three
    )
    var inFlight = 0
    var answered = 0
    var failed = 0
    var firstFailure: String?
  }

  private let state = Mutex(State())

  var inFlight: Int { state.withLock { $0.inFlight } }

  func begin() {
    state.withLock { $0.inFlight += 1 }
  }

  func end(latency: Duration) {
    state.withLock { state in
      state.inFlight -= 1
      state.answered += 1
      state.histogram.record(UInt64(min(60_000_000, max(1, latency / .microseconds(1)))))
    }
  }

  func fail(_ error: any Error) {
    state.withLock { state in
      state.inFlight -= 1
      state.failed += 1
      state.firstFailure = state.firstFailure ?? "\(error)"
    }
  }

  func report(offered: Int, elapsed: Duration) -> LoopReport {
    state.withLock { state in
      LoopReport(
        offered: offered,
        answered: state.answered,
        failed: state.failed,
        firstFailure: state.firstFailure,
        elapsed: elapsed,
        p50: .microseconds(Int64(state.histogram.valueAtPercentile(50))),
        p99: .microseconds(Int64(state.histogram.valueAtPercentile(99))),
        maximum: .microseconds(Int64(state.histogram.valueAtPercentile(100)))
      )
    }
  }
}
