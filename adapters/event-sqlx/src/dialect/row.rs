//! Rows as values of ours.

use event_core::runtime::StoreError;

/// A value that our tables can't hold unless somebody wrote it by hand.
#[derive(Debug, thiserror::Error)]
#[error("the column `{0}` holds what this release doesn't know")]
pub(crate) struct Unreadable(pub(crate) &'static str);

/// A list or an object as one JSON value to bind.
pub(crate) fn json(value: &(impl serde::Serialize + ?Sized)) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| StoreError::permanent("write a row", source))
}

/// Positions and fences come from the database's own integers, so they fit.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// How the rows of one database are read.
macro_rules! rows {
    ($db:ty, $row:ty) => {
        use event_core::runtime::StoreError;
        use event_core::{
            Class, Cursor, Lease, Letter, LetterId, Owner, Place, Record, RelayState, Sequence, Slot, SlotState,
            Timestamp,
        };
        use sqlx::Row;

        use crate::dialect::{Time, Unreadable};
        use crate::owner::is_gone;
        use crate::store::error;

        type Result<T> = std::result::Result<T, StoreError>;

        pub(super) fn sequence(row: &$row, column: &'static str) -> Result<Sequence> {
            unsigned(row, column).map(Sequence::new)
        }

        pub(super) fn slot(row: &$row) -> Result<Slot> {
            let number: i64 = get(row, "slot")?;
            u8::try_from(number).ok().and_then(Slot::from_number).ok_or_else(|| unreadable("slot"))
        }

        fn version(row: &$row, column: &'static str) -> Result<Option<u32>> {
            let number: Option<i64> = get(row, column)?;
            number.map(|number| u32::try_from(number).map_err(|_| unreadable(column))).transpose()
        }

        fn unsigned(row: &$row, column: &'static str) -> Result<u64> {
            let number: i64 = get(row, column)?;
            u64::try_from(number).map_err(|_| unreadable(column))
        }

        pub(super) fn timestamp(row: &$row, column: &'static str) -> Result<Timestamp> {
            get(row, column).map(|Time(timestamp)| timestamp)
        }

        pub(super) fn get<'r, T>(row: &'r $row, column: &'static str) -> Result<T>
        where
            T: sqlx::Decode<'r, $db> + sqlx::Type<$db>,
        {
            row.try_get(column).map_err(|source| error("read a row", source))
        }

        pub(super) fn unreadable(column: &'static str) -> StoreError {
            StoreError::permanent("read a row", Unreadable(column))
        }

        pub(super) fn record(row: &$row) -> Result<Record> {
            let id: String = get(row, "id")?;
            let event_type: String = get(row, "type")?;
            let at = timestamp(row, "occurred_at")?;
            let mut record = Record::new(slot(row)?, sequence(row, "position")?, id.into(), event_type, at);
            record.event_version = version(row, "version")?.unwrap_or(1);
            record.aggregate = get(row, "aggregatetype")?;
            record.key = get::<Option<String>>(row, "aggregateid")?.map(Into::into);
            record.payload = get(row, "payload")?;
            record.headers = get(row, "headers")?;
            record.key_is_parked = get(row, "key_is_parked")?;
            Ok(record)
        }

        pub(super) fn lease(row: &$row) -> Result<Lease> {
            let cursor = Cursor::new(slot(row)?, sequence(row, "position")?, sequence(row, "sent")?);
            Ok(Lease::new(cursor, unsigned(row, "fence")?))
        }

        /// The slot; an owner whose process is gone is none.
        pub(super) fn slot_state(row: &$row) -> Result<SlotState> {
            let owner: Option<String> = get(row, "owner")?;
            let owner = owner.filter(|owner| !is_gone(owner)).map(Owner::new);
            Ok(SlotState::new(lease(row)?, owner, timestamp(row, "leased_until")?))
        }

        /// The relay, unless its process is gone.
        pub(super) fn relay_state(row: &$row) -> Result<Option<RelayState>> {
            let owner: String = get(row, "owner")?;
            let until = timestamp(row, "seen_until")?;
            Ok((!is_gone(&owner)).then(|| RelayState::new(Owner::new(owner), until)))
        }

        pub(super) fn letter(row: &$row) -> Result<Letter> {
            let place: String = get(row, "place")?;
            let errors: String = get(row, "errors")?;
            let mut letter = Letter::new(
                LetterId::new(get(row, "id")?),
                get::<String>(row, "consumer")?,
                Place::from_word(&place).ok_or_else(|| unreadable("place"))?,
                get(row, "body")?,
                timestamp(row, "since")?,
            );
            letter.source = get::<Option<String>>(row, "source")?.map(Into::into);
            letter.event_id = get::<Option<String>>(row, "event_id")?.map(Into::into);
            letter.event_type = get(row, "event_type")?;
            letter.event_version = version(row, "event_version")?;
            letter.partition_key = get::<Option<String>>(row, "partition_key")?.map(Into::into);
            letter.blocks = get(row, "blocks")?;
            letter.attempts = u32::try_from(unsigned(row, "attempts")?).unwrap_or(u32::MAX);
            letter.due_at = get::<Option<Time>>(row, "due_at")?.map(|Time(due)| due);
            letter.class = get::<Option<String>>(row, "class")?.and_then(|class| Class::from_word(&class));
            letter.replay = get(row, "replay")?;
            letter.errors = serde_json::from_str(&errors).map_err(|_| unreadable("errors"))?;
            Ok(letter)
        }
    };
}
pub(crate) use rows;
