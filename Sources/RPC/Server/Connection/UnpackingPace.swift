import NIOCore

/// Limits the bytes that one thread decompresses at a time (rpc.md row 19), so that connections with large compressed
/// requests cannot occupy an event loop: above the limit the loop serves its other connections first.
struct UnpackingPace: Sendable, Hashable {
  /// Bytes decompressed within this window are added up.
  private static let window = TimeAmount.milliseconds(5)
  /// Long enough for the loop to finish its current work and to serve every ready socket.
  static let pause = TimeAmount.milliseconds(2)

  private let bytesMaximum: Int
  private var bytes = 0
  private var windowBegan = NIODeadline.uptimeNanoseconds(0)
  /// When decompression may continue.
  private(set) var resumesAt = NIODeadline.uptimeNanoseconds(0)

  init(bytesMaximum: Int) { self.bytesMaximum = bytesMaximum }

  func isPausing(_ now: NIODeadline) -> Bool { now < resumesAt }

  /// - Parameter now: The time after decompression, which may have taken long.
  mutating func unpacked(bytes count: Int, now: NIODeadline) {
    if now - windowBegan >= Self.window, bytes < bytesMaximum {
      windowBegan = now
      bytes = 0
    }
    bytes += count
    guard bytes >= bytesMaximum else { return }
    resumesAt = now + Self.pause
    windowBegan = resumesAt
    bytes = 0
  }
}
