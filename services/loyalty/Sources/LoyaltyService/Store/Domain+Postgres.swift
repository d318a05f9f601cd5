import Postgres

extension PointsRounding: PostgresCodable {}
extension PostingType: PostgresCodable, PostgresArrayElement {}
extension PostingAccount: PostgresCodable, PostgresArrayElement {}
extension ReservationOutcome: PostgresCodable {}
