import Foundation
import LocalSuite

/// The file system that PostgreSQL's data is on: a small one of its own in memory, so that it can be filled up, where this
/// process may mount one; else a plain folder.
final class ScratchVolume: Sendable {
  /// Room for the data and the write-ahead log of a long run.
  private static let megabytes = 512

  let path: String
  /// Why it is a plain folder; nil if it is a file system of its own.
  let refusal: String?

  private init(path: String, refusal: String?) {
    self.path = path
    self.refusal = refusal
  }

  /// Makes the folder `path` and mounts a file system there.
  static func make(_ path: String) async throws -> ScratchVolume {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let options = "size=\(megabytes)m,mode=755"
    let mount = Command(executable: "/bin/mount", arguments: ["-t", "tmpfs", "-o", options, "tmpfs", path])
    let (end, output) = try await mount.run()
    return ScratchVolume(path: path, refusal: end == .code(0) ? nil : output.last ?? "mount \(end)")
  }

  /// Gives the memory back. Nothing may be running there any more.
  func unmount() async {
    guard refusal == nil else { return }
    _ = try? await Command(executable: "/bin/umount", arguments: ["--lazy", path]).run()
  }

  /// Writes a file until nothing fits any more.
  func fill() throws {
    let descriptor = open(ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SuiteError.system("opening \(ballast)", errno) }
    defer { close(descriptor) }
    for size in [1 << 20, 4 << 10] {
      let zeros = [UInt8](repeating: 0, count: size)
      while write(descriptor, zeros, size) > 0 {}
    }
    guard errno == ENOSPC else { throw SuiteError.system("filling \(path)", errno) }
  }

  /// Removes that file.
  func free() {
    unlink(ballast)
  }

  private var ballast: String { "\(path)/ballast" }
}
