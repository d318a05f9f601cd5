import Postgres

extension PointsRounding: PostgresCodable {}
extension EntryType: PostgresCodable, PostgresArrayElement {}
extension LedgerAccount: PostgresCodable, PostgresArrayElement {}
extension ReservationOutcome: PostgresCodable {}
