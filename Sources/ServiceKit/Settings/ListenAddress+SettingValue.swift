public import RPC

extension ListenAddress: SettingValue {
  /// `address`
  public static var settingKind: String { "address" }

  private static let malformed = SettingMalformed(
    "must be host:port such as 127.0.0.1:7401 or [::1]:7401, or unix:/path/of/socket"
  )

  /// Reads `host:port` (IPv6 hosts in brackets, port 0 lets the system choose) or `unix:` with a path.
  public init(settingText: String) throws(SettingMalformed) {
    if settingText.hasPrefix("unix:") {
      let path = settingText.dropFirst("unix:".count)
      guard !path.isEmpty else { throw Self.malformed }
      self = .unix(path: String(path))
      return
    }
    guard let colon = settingText.lastIndex(of: ":") else { throw Self.malformed }
    let isBracketed = settingText.hasPrefix("[") && settingText[..<colon].hasSuffix("]")
    let host = isBracketed ? settingText[..<colon].dropFirst().dropLast() : settingText[..<colon]
    let port = Int(settingText[settingText.index(after: colon)...])
    guard let port, 0...65_535 ~= port, !host.isEmpty, isBracketed || !host.contains(":") else { throw Self.malformed }
    self = .tcp(host: String(host), port: port)
  }

  /// As it is read.
  public var settingText: String { description }
}
