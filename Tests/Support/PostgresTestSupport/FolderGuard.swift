import Foundation
import Glibc
import Synchronization

/// A shell that waits for this process to end for any reason, or for ``release()``. Then it stops the server in the
/// folder and removes the folder.
final class FolderGuard: Sendable {
  /// The address of the stream whose end the shell waits for.
  private let stream: Mutex<UInt>

  init(_ path: String) throws {
    let folder = Shell.quoted(path)
    let script = """
      trap '' INT TERM HUP QUIT
      cat >/dev/null 2>&1
      pid=$(head -n 1 \(folder)/data/postmaster.pid 2>/dev/null)
      # After a kill the file may name a process that is somebody else's by now.
      if [ -n "$pid" ] && grep -qs postgres "/proc/$pid/comm"; then
        kill -QUIT "$pid" 2>/dev/null
        tries=0
        while kill -0 "$pid" 2>/dev/null && [ $tries -lt 200 ]; do
          tries=$((tries + 1))
          sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null
      fi
      tries=0
      until rm -rf \(folder) 2>/dev/null || [ $tries -ge 50 ]; do
        tries=$((tries + 1))
        sleep 0.2
      done
      """
    // "e" closes the stream in the processes that tests start, which would block the shell otherwise.
    guard let pipe = popen(Shell.alone("exec setsid sh -c \(Shell.quoted(script)) >/dev/null 2>&1"), "we") else {
      throw TestSupportError("no shell can be started")
    }
    stream = Mutex(UInt(bitPattern: pipe))
  }

  func release() {
    let address = stream.withLock { stream in
      defer { stream = 0 }
      return stream
    }
    guard let pipe = UnsafeMutablePointer<FILE>(bitPattern: address) else { return }
    // Closes only our end, because pclose would wait for the shell.
    close(fileno(pipe))
  }
}
