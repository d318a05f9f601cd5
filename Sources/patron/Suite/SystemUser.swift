internal import Foundation

/// A user of the operating system.
struct SystemUser: Hashable, Sendable {
  var name: String
  var id: UInt32
  var groupId: UInt32

  /// The user with the name `name`, if there is one.
  init?(named name: String) {
    guard let entry = getpwnam(name) else { return nil }
    self.name = name
    id = entry.pointee.pw_uid
    groupId = entry.pointee.pw_gid
  }

  /// The user who owns the file or folder at `path`, if it is there.
  init?(owning path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    id = status.st_uid
    groupId = status.st_gid
    name = getpwuid(status.st_uid).map { String(cString: $0.pointee.pw_name) } ?? "user \(status.st_uid)"
  }

  /// Whether the permission bits of `path` and of all folders above it let the user in.
  func canEnter(_ path: String) -> Bool {
    var folder = path
    while true {
      var status = stat()
      guard stat(folder, &status) == 0 else { return false }
      let bit = status.st_uid == id ? S_IXUSR : status.st_gid == groupId ? S_IXGRP : S_IXOTH
      guard status.st_mode & bit != 0 else { return false }
      if folder == "/" { return true }
      folder = (folder as NSString).deletingLastPathComponent
    }
  }

  /// Whether we are root, who may become anybody, and whom PostgreSQL refuses to serve under.
  static var isRoot: Bool { geteuid() == 0 }
}
