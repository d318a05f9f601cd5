/// Which way a message passes between a service and PostgreSQL.
enum MessageDirection: Hashable, Sendable, CaseIterable {
  case toServer
  case toClient
}
