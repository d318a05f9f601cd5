/// Passwords that nobody needs to remember.
enum Password {
  /// 128 random bits as 32 hexadecimal digits: safe in a URL and between quotes.
  static func random() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<16).map { _ in
      let byte = UInt8.random(in: .min ... .max, using: &generator)
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
