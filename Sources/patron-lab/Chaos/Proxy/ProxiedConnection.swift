import NIOCore

/// One connection of a service to PostgreSQL, by way of the proxy. Lives on the event loop of both its ends.
final class ProxiedConnection {
  private let client: any Channel
  private let server: any Channel
  private let proxy: DatabaseProxy
  private var fromClient = PostgresMessageSplitter(.toServer)
  private var fromServer = PostgresMessageSplitter(.toClient)
  private var watch = BatchWatch()
  private var isStopped = false

  init(client: any Channel, server: any Channel, proxy: DatabaseProxy) {
    self.client = client
    self.server = server
    self.proxy = proxy
  }

  /// Passes on what has come, message by message, until a fault strikes.
  func pass(_ bytes: ByteBuffer, _ direction: MessageDirection) {
    guard !isStopped else { return }
    do {
      switch direction {
      case .toServer:
        fromClient.append(bytes)
        while !isStopped, let message = try fromClient.next() { pass(message, direction) }
      case .toClient:
        fromServer.append(bytes)
        while !isStopped, let message = try fromServer.next() { pass(message, direction) }
      }
    } catch {
      return end()
    }
    (direction == .toServer ? server : client).flush()
  }

  /// Cuts both sides off.
  func end() {
    isStopped = true
    client.close(promise: nil)
    server.close(promise: nil)
  }

  private func pass(_ message: PostgresMessage, _ direction: MessageDirection) {
    let target = direction == .toServer ? server : client
    if direction == .toClient, message.kind == PostgresMessage.Kind.errorResponse, let state = message.sqlState {
      proxy.noteRefusal(state)
    }
    switch watch.follow(message, direction).flatMap(proxy.act) {
    case nil:
      target.write(message.bytes, promise: nil)
    case .cut:
      target.flush()
      end()
    case .passThenCut:
      isStopped = true
      let (client, server) = (client, server)
      target.writeAndFlush(message.bytes).whenComplete { _ in
        client.close(promise: nil)
        server.close(promise: nil)
      }
    case .hold:
      isStopped = true
      target.flush()
      proxy.keep([client, server])
    }
  }
}

/// Reads one end of a connection.
final class ProxyHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let connection: ProxiedConnection
  private let direction: MessageDirection

  init(_ connection: ProxiedConnection, _ direction: MessageDirection) {
    self.connection = connection
    self.direction = direction
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    connection.pass(unwrapInboundIn(data), direction)
  }

  func channelInactive(context: ChannelHandlerContext) {
    connection.end()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    connection.end()
  }
}
