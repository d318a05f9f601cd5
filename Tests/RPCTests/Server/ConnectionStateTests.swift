import NIOCore
import Testing

@testable import RPC

@Suite("A server's connection, without sockets")
struct ConnectionStateTests {
  @Test("Drain: announce, then name the last stream when the PING comes back (row 13)")
  func drain() {
    var drain = DrainState()
    #expect(!drain.isDraining)
    expect(drain.begin(), is: .announce)
    #expect(drain.isDraining)
    expect(drain.begin(), is: .none)
    expect(drain.pingAcknowledged(1), is: .none)
    expect(drain.pingAcknowledged(DrainState.pingPayload), is: .nameLastStream)
    expect(drain.pingAcknowledged(DrainState.pingPayload), is: .none)
    expect(drain.pingTimedOut(), is: .none)
  }

  @Test("Drain: a PING that is not answered holds nothing up")
  func drainTimeout() {
    var drain = DrainState()
    expect(drain.pingTimedOut(), is: .none)
    _ = drain.begin()
    expect(drain.pingTimedOut(), is: .nameLastStream)
  }

  private func state(_ change: (inout ServerLimits) -> Void) -> ServerConnectionState {
    var limits = ServerLimits.defaults
    change(&limits)
    return ServerConnectionState(limits: limits)
  }

  @Test("Handlers are counted until they end")
  func handlers() {
    var state = state { $0.runningHandlersMaximum = 2 }
    expect(state.begin(), is: nil)
    expect(state.begin(), is: nil)
    expect(state.begin(), is: .tooManyRunningCalls)
    state.end()
    expect(state.begin(), is: nil)
  }

  @Test("Buffered request bytes are bounded")
  func buffered() {
    var state = state { $0.bufferedRequestBytesMaximum = 100 }
    expect(state.buffer(bytes: 100), is: nil)
    expect(state.buffer(bytes: 1), is: .tooManyBufferedBytes)
    state.unbuffer(bytes: 51)
    expect(state.buffer(bytes: 50), is: nil)
  }

  @Test("Writers may go on when the budget is no longer full, and are resumed once")
  func outbound() {
    var state = state { $0.connectionOutboundBytesMaximum = 100 }
    state.queue(bytes: 150)
    #expect(!state.isWritable)
    expect(state.sent(bytes: 50), is: false)
    expect(state.sent(bytes: 1), is: true)
    #expect(state.isWritable)
    expect(state.sent(bytes: 1), is: false)
  }

  @Test("A connection that held much reports it once, when it is empty")
  func returningMemory() {
    var state = state { _ in }
    _ = state.buffer(bytes: 1000)
    state.unbuffer(bytes: 1000)
    expect(state.isReturningMemory(), is: false)
    _ = state.begin()
    _ = state.buffer(bytes: 2 << 20)
    state.queue(bytes: 1)
    expect(state.isReturningMemory(), is: false)
    state.unbuffer(bytes: 2 << 20)
    _ = state.sent(bytes: 1)
    expect(state.isReturningMemory(), is: false)
    state.end()
    expect(state.isReturningMemory(), is: true)
    expect(state.isReturningMemory(), is: false)
  }

  @Test("The server counts calls and connections over all loops")
  func admission() {
    let admission = AdmissionControl(connectionsMaximum: 1)
    #expect(admission.admitConnection())
    #expect(!admission.admitConnection())
    admission.connectionClosed()
    #expect(admission.admitConnection())
    #expect(admission.admitCall(upTo: 2))
    #expect(admission.admitCall(upTo: 2))
    #expect(!admission.admitCall(upTo: 2))
    admission.callEnded()
    #expect(admission.admitCall(upTo: 2))
    #expect(admission.callsInFlight == 2)
  }

  @Test("A stream stalls by its own clock, not by the connection's (row 18)")
  func progress() {
    var limits = ServerLimits.defaults
    limits.progressTimeout = .seconds(10)
    limits.requestTimeout = .seconds(30)
    let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    var progress = StreamProgress(openedAt: start)
    #expect(!progress.isStalled(.nothing, now: start + .hours(1), limits: limits))
    #expect(!progress.isStalled(.progress, now: start + .seconds(9), limits: limits))
    #expect(progress.isStalled(.progress, now: start + .seconds(10), limits: limits))
    progress.moved(at: start + .seconds(9))
    #expect(!progress.isStalled(.progress, now: start + .seconds(18), limits: limits))
    progress.moved(at: start + .seconds(29))
    #expect(!progress.isStalled(.progress, now: start + .seconds(30), limits: limits))
    #expect(progress.isStalled(.request, now: start + .seconds(30), limits: limits))
  }

  @Test("Bytes count as progress once there are enough of them, so that dribbling is standing still (rows 18 and 19)")
  func dribbling() {
    var limits = ServerLimits.defaults
    limits.progressTimeout = .seconds(10)
    let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    var progress = StreamProgress(openedAt: start)
    for second in 1...99 as ClosedRange<Int64> {
      progress.moved(bytes: 1, at: start + .milliseconds(100 * second), bytesMinimum: 100)
    }
    #expect(progress.isStalled(.progress, now: start + .seconds(10), limits: limits))
    progress.moved(bytes: 1, at: start + .seconds(10), bytesMinimum: 100)
    #expect(!progress.isStalled(.progress, now: start + .seconds(19), limits: limits))
    progress.moved(bytes: 99, at: start + .seconds(19), bytesMinimum: 100)
    #expect(progress.isStalled(.progress, now: start + .seconds(20), limits: limits))
  }
}
