import NIOCore

/// Keeps those who have much unpacked from having an event loop to themselves (rpc.md row 19): after so many bytes the
/// loop looks after its other connections first.
struct UnpackingPace: Sendable, Hashable {
  /// What is unpacked within this counts together.
  private static let window = TimeAmount.milliseconds(5)
  /// Long enough for the loop to end what it is at and to serve every socket that is ready.
  static let pause = TimeAmount.milliseconds(2)

  private let bytesMaximum: Int
  private var bytes = 0
  private var windowBegan = NIODeadline.uptimeNanoseconds(0)
  /// When unpacking may go on.
  private(set) var resumesAt = NIODeadline.uptimeNanoseconds(0)

  init(bytesMaximum: Int) { self.bytesMaximum = bytesMaximum }

  func isPausing(_ now: NIODeadline) -> Bool { now < resumesAt }

  /// - Parameter now: when it was done, which may have taken long.
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
