public import Messages
public import RPC

/// An error whose text may be logged: it holds no values from tables or requests.
public protocol LoggableError: Error, CustomStringConvertible {}

extension MessageError: LoggableError {}
extension RuntimeError: LoggableError {}
