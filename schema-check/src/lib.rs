//! schema-check
