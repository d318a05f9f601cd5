/// The client's address as the proxies in front of the server report it.
///
/// Each proxy appends whom it was called by, so the last entries are the most reliable: those of proxies that are trusted
/// are skipped from the end, and the first other one is the client.
struct ForwardedAddress {
  let trusted: [AddressRange]

  /// Returns the client of a request that came from a trusted proxy. Nil when no entry is an address.
  ///
  /// - Parameters:
  ///   - forwarded: The values of `Forwarded` (RFC 7239), which count before the others.
  ///   - forwardedFor: The values of `X-Forwarded-For`.
  func client(forwarded: [String], forwardedFor: [String]) -> IPAddress? {
    let entries =
      forwarded.isEmpty
      ? forwardedFor.flatMap { $0.split(separator: ",").map { Self.address(of: String($0)) } }
      : forwarded.flatMap { $0.split(separator: ",").map { Self.address(ofForwarded: String($0)) } }
    var last: IPAddress?
    for entry in entries.reversed() {
      // Whatever is before an entry that is no address cannot be trusted.
      guard let entry else { return last }
      last = entry
      if !isTrusted(entry) { return entry }
    }
    return last
  }

  func isTrusted(_ address: IPAddress) -> Bool { trusted.contains { $0.contains(address) } }

  /// Reads an address with or without a port: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
  private static func address(of text: String) -> IPAddress? {
    let text = trimmed(text)
    if text.hasPrefix("[") { return IPAddress(String(text.dropFirst().prefix { $0 != "]" })) }
    return IPAddress(text) ?? IPAddress(String(text.prefix { $0 != ":" }))
  }

  /// Reads the parameter `for` of one element of `Forwarded`, such as `for="[2001:db8::1]:4711";proto=https`.
  private static func address(ofForwarded element: String) -> IPAddress? {
    for parameter in element.split(separator: ";") {
      let pair = parameter.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, trimmed(String(pair[0])).lowercased() == "for" else { continue }
      return address(of: String(trimmed(String(pair[1])).filter { $0 != "\"" }))
    }
    return nil
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
