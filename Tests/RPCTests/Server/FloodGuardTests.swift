import NIOCore
import Testing

@testable import RPC

@Suite("Floods, without sockets (row 19)")
struct FloodGuardTests {
  private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

  private func take(_ bucket: inout TokenBucket, _ count: Int, at time: NIODeadline) -> Int {
    (0..<count).count { _ in bucket.take(now: time) }
  }

  @Test("A bucket lets the burst through at once, and not one more")
  func burst() {
    var bucket = TokenBucket(burst: 5, perSecond: 2, now: Self.start)
    expect(take(&bucket, 10, at: Self.start), is: 5)
  }

  @Test("It refills each second, never more than the burst, and no part of one is lost")
  func refill() {
    var bucket = TokenBucket(burst: 5, perSecond: 2, now: Self.start)
    _ = take(&bucket, 5, at: Self.start)
    expect(take(&bucket, 10, at: Self.start + .milliseconds(499)), is: 0)
    expect(take(&bucket, 10, at: Self.start + .milliseconds(700)), is: 1)
    expect(take(&bucket, 10, at: Self.start + .milliseconds(999)), is: 0)
    expect(take(&bucket, 10, at: Self.start + .milliseconds(1000)), is: 1)
    expect(take(&bucket, 10, at: Self.start + .seconds(3600)), is: 5)
  }

  @Test("One that wins nothing back stays empty, and the longest wait does not overflow")
  func extremes() {
    var none = TokenBucket(burst: 1, perSecond: 0, now: Self.start)
    expect(take(&none, 3, at: Self.start + .hours(1)), is: 1)
    expect(take(&none, 3, at: Self.start + .hours(2)), is: 0)
    var long = TokenBucket(burst: 3, perSecond: .max, now: Self.start)
    _ = take(&long, 3, at: Self.start)
    expect(take(&long, 9, at: .uptimeNanoseconds(UInt64(Int64.max))), is: 3)
  }

  @Test("What is granted counts at once, up to the burst")
  func grant() {
    var bucket = TokenBucket(burst: 5, perSecond: 0, now: Self.start)
    _ = take(&bucket, 5, at: Self.start)
    bucket.grant(2)
    expect(take(&bucket, 10, at: Self.start), is: 2)
    bucket.grant(100)
    expect(take(&bucket, 10, at: Self.start), is: 5)
  }

  private var limits: ServerLimits {
    var limits = ServerLimits.defaults
    limits.resetBurst = 3
    limits.streamErrorBurst = 2
    limits.controlFrameBurst = 10
    limits.resetsPerSecond = 0
    limits.streamErrorsPerSecond = 0
    limits.controlFramesPerSecond = 0
    return limits
  }

  @Test("Resets, stream errors and control frames are counted apart, each with its own reason")
  func kinds() {
    var guarding = FloodGuard(limits: limits, now: Self.start)
    let floods: [(HTTP2Overhead, Int, FloodGuard.Flood)] = [
      (.reset, 3, .resets), (.fault, 2, .faults), (.control, 10, .control),
    ]
    for (overhead, count, flood) in floods {
      for _ in 0..<count { expect(guarding.received(overhead, dataFramesSent: 0, now: Self.start), is: nil) }
      expect(guarding.received(overhead, dataFramesSent: 0, now: Self.start), is: flood)
    }
  }

  @Test("A client that takes much data may send a WINDOW_UPDATE for every frame and more")
  func windowUpdates() {
    var guarding = FloodGuard(limits: limits, now: Self.start)
    for sent in 1...10_000 {
      for _ in 0..<4 { expect(guarding.received(.control, dataFramesSent: sent, now: Self.start), is: nil) }
    }
    // Unused tokens beyond the burst are lost.
    var extra = 0
    while guarding.received(.control, dataFramesSent: 10_000, now: Self.start) == nil { extra += 1 }
    #expect(extra <= 20)
  }
}
