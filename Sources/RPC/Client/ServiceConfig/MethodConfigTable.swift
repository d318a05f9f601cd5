/// The entries of a service config by method, by service, and for everything. Resolved once, so that a call costs at
/// most two look-ups and no allocation, and nothing when there are no entries.
struct MethodConfigTable: Sendable {
  /// Shared by the calls of its methods.
  final class Entry: Sendable {
    let config: MethodConfig

    init(_ config: MethodConfig) {
      self.config = config
    }
  }

  private var byPath: [String: Entry] = [:]
  private var byService: [String: Entry] = [:]
  private var standard: Entry?

  init(_ configs: [MethodConfig]) {
    for config in configs {
      let entry = Entry(config)
      for name in config.names {
        if name.service.isEmpty {
          standard = standard ?? entry
        } else if name.method.isEmpty {
          byService[name.service] = byService[name.service] ?? entry
        } else {
          let path = "/\(name.service)/\(name.method)"
          byPath[path] = byPath[path] ?? entry
        }
      }
    }
  }

  func entry(for method: MethodDescriptor) -> Entry? {
    if !byPath.isEmpty, let entry = byPath[method.path] { return entry }
    if !byService.isEmpty, let entry = byService[method.service] { return entry }
    return standard
  }
}
