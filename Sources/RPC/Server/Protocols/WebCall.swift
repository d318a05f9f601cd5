/// What a call has that is not plain gRPC.
final class WebCall {
  /// The origin of the page that sent it, if that may call the server.
  let origin: String?
  /// The answer of a call without frames. It waits for the end, because trailing metadata comes before it.
  var held: (message: [UInt8], allowsCompression: Bool)?
  /// The characters of gRPC-Web's text that do not make up a group of four yet.
  var text: [UInt8] = []
  /// Flow-control credit that was returned for such characters before they made up bytes; 0 or less.
  var textCredit = 0

  init(origin: String?) { self.origin = origin }
}
