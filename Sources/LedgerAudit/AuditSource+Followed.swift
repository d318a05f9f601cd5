import Postgres

extension AuditSource {
  /// - `followed`: the place in loyalty's event log up to which members has applied it. A cursor is a byte for its version,
  ///   then the number of a transaction and that of an event, eight bytes each, in the alphabet of RFC 4648, section 5.
  /// - `under_way`: the events of orders after it, and those before it that were set aside, each with its order's id.
  static let followed: SQL = """
    cursor AS (
      SELECT encode(decode(rpad(translate(cursor, '-_', '+/'), 24, '='), 'base64'), 'hex') AS digits
      FROM members.event_cursor WHERE source = 'loyalty' AND cursor <> ''
    ), followed AS (
      SELECT coalesce(max(('x' || substring(digits FROM 3 FOR 16))::bit(64)::bigint), 0) AS transaction_id,
        coalesce(max(('x' || substring(digits FROM 19 FOR 16))::bit(64)::bigint), 0) AS sequence
      FROM cursor
    ), under_way AS MATERIALIZED (
      SELECT type, \(orderOfEvent) AS order_id, payload FROM event, followed
      WHERE ((event.transaction_id, event.sequence) > (followed.transaction_id, followed.sequence)
          OR event_id::text IN (SELECT event_id FROM members.event_set_aside WHERE source = 'loyalty'))
        AND type IN ('order_posted', 'order_reversed', 'order_returned')
    )
    """

  /// The order that an event of loyalty is about, as text.
  ///
  /// An event names it in its encoded message. Its own id comes first, 38 bytes with tag and length; then the order's is the
  /// first field 1 of 36 bytes: what is in between are two varints of a time, tags and lengths.
  static let orderOfEvent: SQL = """
    encode(substring(payload FROM 40 + position('\\x0a24'::bytea IN substring(payload FROM 39 FOR 64)) FOR 36), 'escape')
    """
}
