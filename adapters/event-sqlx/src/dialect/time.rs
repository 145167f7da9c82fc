//! Times in the databases: `timestamptz` in PostgreSQL, microseconds since 1970 in the others.

use event_core::Timestamp;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Decode, Encode, Type};

/// A time that can be bound and read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time(pub(crate) Timestamp);

#[cfg(feature = "sqlite")]
mod sqlite {
    use super::{BoxDynError, Decode, Encode, IsNull, Time, Timestamp, Type};
    use sqlx::Sqlite;

    impl Type<Sqlite> for Time {
        fn type_info() -> sqlx::sqlite::SqliteTypeInfo {
            <i64 as Type<Sqlite>>::type_info()
        }

        fn compatible(other: &sqlx::sqlite::SqliteTypeInfo) -> bool {
            <i64 as Type<Sqlite>>::compatible(other)
        }
    }

    impl Encode<'_, Sqlite> for Time {
        fn encode_by_ref(&self, buffer: &mut sqlx::sqlite::SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
            <i64 as Encode<'_, Sqlite>>::encode(self.0.unix_micros(), buffer)
        }
    }

    impl<'r> Decode<'r, Sqlite> for Time {
        fn decode(value: sqlx::sqlite::SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
            <i64 as Decode<'r, Sqlite>>::decode(value).map(Timestamp::from_unix_micros).map(Self)
        }
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::{BoxDynError, Decode, Encode, IsNull, Time, Timestamp, Type};
    use sqlx::Postgres;
    use sqlx::postgres::types::Oid;
    use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};

    /// `timestamptz` and its array, which have these numbers in every PostgreSQL.
    const TIMESTAMPTZ: PgTypeInfo = PgTypeInfo::with_oid(Oid(1184));
    const TIMESTAMPTZ_ARRAY: PgTypeInfo = PgTypeInfo::with_oid(Oid(1185));

    /// PostgreSQL counts from 2000-01-01.
    const EPOCH: i64 = 946_684_800_000_000;

    impl Type<Postgres> for Time {
        fn type_info() -> PgTypeInfo {
            TIMESTAMPTZ
        }
    }

    impl PgHasArrayType for Time {
        fn array_type_info() -> PgTypeInfo {
            TIMESTAMPTZ_ARRAY
        }
    }

    impl Encode<'_, Postgres> for Time {
        fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
            <i64 as Encode<'_, Postgres>>::encode(self.0.unix_micros().saturating_sub(EPOCH), buffer)
        }
    }

    impl<'r> Decode<'r, Postgres> for Time {
        fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
            let micros = <i64 as Decode<'r, Postgres>>::decode(value)?;
            Ok(Self(Timestamp::from_unix_micros(micros.saturating_add(EPOCH))))
        }
    }
}

#[cfg(feature = "mysql")]
mod mysql {
    use super::{BoxDynError, Decode, Encode, IsNull, Time, Timestamp, Type};
    use sqlx::MySql;
    use sqlx::mysql::{MySqlTypeInfo, MySqlValueRef};

    impl Type<MySql> for Time {
        fn type_info() -> MySqlTypeInfo {
            <i64 as Type<MySql>>::type_info()
        }

        fn compatible(other: &MySqlTypeInfo) -> bool {
            <i64 as Type<MySql>>::compatible(other)
        }
    }

    impl Encode<'_, MySql> for Time {
        fn encode_by_ref(&self, buffer: &mut Vec<u8>) -> Result<IsNull, BoxDynError> {
            <i64 as Encode<'_, MySql>>::encode(self.0.unix_micros(), buffer)
        }
    }

    impl<'r> Decode<'r, MySql> for Time {
        fn decode(value: MySqlValueRef<'r>) -> Result<Self, BoxDynError> {
            <i64 as Decode<'r, MySql>>::decode(value).map(Timestamp::from_unix_micros).map(Self)
        }
    }
}
