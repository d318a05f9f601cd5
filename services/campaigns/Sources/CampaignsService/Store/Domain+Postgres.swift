import Postgres

extension ReservationStatus: PostgresCodable, PostgresArrayElement {}
