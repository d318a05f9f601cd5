import Logging
import NIOCore

/// Follows the health of one address over one connection at a time and reports whether it may get calls (grpc/grpc
/// doc/health-checking.md). Confined to the event loop.
final class HealthWatch {
  private let lane: ChannelLane
  private let service: String
  private let peer: String
  private let report: (SubchannelUpdate) -> Void
  private var check: HealthCheck
  private var connection: ClientConnection?
  private var stream: HealthStream?
  private var timer: Scheduled<Void>?

  init(service: String, peer: String, lane: ChannelLane, report: @escaping (SubchannelUpdate) -> Void) {
    self.lane = lane
    self.service = service
    self.peer = peer
    self.report = report
    check = HealthCheck(service: service, peer: peer, backoff: lane.configuration.backoff)
  }

  /// Follows this connection from now on, nil for none.
  func follow(_ connection: ClientConnection?) {
    guard connection !== self.connection else { return }
    stop()
    self.connection = connection
    if connection != nil { begin() }
  }

  private func stop() {
    timer?.cancel()
    timer = nil
    stream?.cancel()
    stream = nil
    connection = nil
  }

  private func begin() {
    guard let connection else { return }
    check.began()
    let stream = HealthStream(
      on: connection,
      service: service,
      headerBytesMaximum: lane.configuration.limits.receivedHeaderBytes
    ) { [weak self] event in
      guard let self, connection === self.connection else { return }
      self.received(event)
    }
    self.stream = stream
    connection.open(stream)
  }

  private func received(_ event: HealthStream.Event) {
    let action =
      switch event {
      case .received(let status): check.received(status)
      case .ended(let outcome): check.ended(outcome, using: &lane.random)
      }
    switch action {
    case .healthy:
      report(.ready)
    case .unhealthy(let error):
      log(error)
      report(.failed(error))
    case .retry(let pause, let error):
      stream = nil
      // The task first, because the report may end this watch.
      timer = lane.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) { [weak self] in self?.begin() }
      log(error)
      report(.failed(error))
    case .unsupported:
      stream = nil
      lane.reportMissingHealth(of: peer)
      report(.ready)
    }
  }

  private func log(_ error: RPCError) {
    lane.logger.info("not healthy", metadata: ["address": "\(peer)", "error": "\(error.message)"])
  }
}
