import Basics

#if DEBUG || FUZZING
  import NIOCore
  import NIOEmbedded
  import Synchronization

  @testable import RPC

  /// Feeds a server's connection without a socket: the first byte is the size of the pieces, the rest follows the
  /// client's preface. Afterwards an hour passes, and nothing of the connection may be left.
  func fuzzFrames(_ input: [UInt8]) {
    guard let first = input.first else { return }
    feed(clientPreface + input.dropFirst(), pieceBytes: first == 0 ? Int.max : Int(first), to: FuzzServer.plain)
  }

  /// Feeds a server's connection with pieces of what a client sends.
  func feed(_ bytes: [UInt8], pieceBytes: Int, to core: ServerCore) {
    oneAtATime.withLock { _ in feedNow(bytes, pieceBytes: pieceBytes, to: core) }
  }

  /// Inputs share a server, whose counts must be back where they were after each.
  private let oneAtATime = Mutex(())

  private func feedNow(_ bytes: [UInt8], pieceBytes: Int, to core: ServerCore) {
    let loop = EmbeddedEventLoop()
    let connection = ServerConnection(core: core, loop: LoopResources(loop), peer: Peer(address: "fuzz"))
    var hasEnded = false
    connection.onEnd { hasEnded = true }
    let channel = EmbeddedChannel(handler: connection, loop: loop)
    channel.connect(to: address, promise: nil)
    var rest = bytes
    while !rest.isEmpty, channel.isActive {
      _ = try? channel.writeInbound(ByteBuffer(bytes: rest.prefix(pieceBytes)))
      rest = Array(rest.dropFirst(pieceBytes))
      loop.run()
      discardOutput(of: channel)
    }
    for _ in 0..<60 {
      loop.advanceTime(by: .seconds(60))
      discardOutput(of: channel)
    }
    channel.close(promise: nil)
    loop.run()
    precondition(hasEnded, "the connection was closed and something of it still runs")
    precondition(connection.session == nil && connection.state.unfinishedCalls == 0)
    precondition(core.admission.callsInFlight == 0, "a call is still counted after its connection has ended")
  }

  private func discardOutput(of channel: EmbeddedChannel) {
    while let bytes = try? channel.readOutbound(as: ByteBuffer.self) {
      precondition(bytes.readableBytes > 0)
    }
  }

  private let address = try! SocketAddress(unixDomainSocketPath: "/fuzz")

  /// The preface and empty SETTINGS.
  private let clientPreface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
#endif
