import Foundation

/// A user of the operating system.
package struct SystemUser: Hashable, Sendable {
  var name: String
  var id: UInt32
  var groupID: UInt32

  /// The user with the name `name`, if there is one.
  init?(named name: String) {
    guard let entry = getpwnam(name) else { return nil }
    self.name = name
    id = entry.pointee.pw_uid
    groupID = entry.pointee.pw_gid
  }

  /// The user who owns the file or folder at `path`, if it is there.
  init?(owning path: String) {
    guard let owner = Owner(of: path) else { return nil }
    id = owner.id
    groupID = owner.groupID
    name = getpwuid(owner.id).map { String(cString: $0.pointee.pw_name) } ?? "user \(owner.id)"
  }

  /// Whether the permission bits of `path` and of all folders above it let the user in.
  func canEnter(_ path: String) -> Bool {
    var folder = path
    while true {
      guard let owner = Owner(of: folder) else { return false }
      let bit = owner.id == id ? 0o100 : owner.groupID == groupID ? 0o010 : 0o001
      guard owner.permissions & bit != 0 else { return false }
      if folder == "/" { return true }
      folder = (folder as NSString).deletingLastPathComponent
    }
  }

  /// Whether we are root, who may become anybody, and whom PostgreSQL refuses to serve under.
  static var isRoot: Bool { geteuid() == 0 }
}

/// Whom a file belongs to. By Foundation: the members of the C library's `stat` belong to one module in a debug build and
/// to another in a release build.
private struct Owner {
  let id: UInt32
  let groupID: UInt32
  let permissions: Int

  init?(of path: String) {
    // Symbolic links are followed.
    let real = (path as NSString).resolvingSymlinksInPath
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: real),
      let id = attributes[.ownerAccountID] as? NSNumber,
      let groupID = attributes[.groupOwnerAccountID] as? NSNumber,
      let permissions = attributes[.posixPermissions] as? NSNumber
    else { return nil }
    self.id = id.uint32Value
    self.groupID = groupID.uint32Value
    self.permissions = permissions.intValue
  }
}
