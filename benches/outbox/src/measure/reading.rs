//! The bare ordered read that draining is measured beside.

/// Reads every slot in its order, 100 rows at a time, and decodes what a relay needs. sqlx's rows are generic only with a page of
/// bounds, hence a macro.
macro_rules! read_slots {
    ($pool:expr, $slot:ty, $statement:expr) => {{
        use sqlx::Row as _;
        let mut count = 0;
        for slot in 0..64 as $slot {
            let mut position = 0_i64;
            loop {
                let rows = sqlx::query($statement).bind(slot).bind(position).fetch_all($pool).await?;
                let Some(last) = rows.last() else { break };
                position = last.try_get(0)?;
                count += rows.len();
                for row in &rows {
                    let text: [String; 5] =
                        [row.try_get(1)?, row.try_get(2)?, row.try_get(4)?, row.try_get(7)?, row.try_get(8)?];
                    let key: Option<String> = row.try_get(5)?;
                    std::hint::black_box((text, key));
                }
                if rows.len() < 100 {
                    break;
                }
            }
        }
        let all = $crate::measure::EVENTS as usize;
        if count != all { Err(format!("read {count} of {all} rows").into()) } else { Ok(()) }
    }};
}
pub(crate) use read_slots;
