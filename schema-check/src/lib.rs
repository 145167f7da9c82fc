//! schema-check
pub mod compare;
pub mod contain;
