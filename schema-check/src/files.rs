//! The committed schemas: where they are, what they say, and how they are written.

mod document;
mod layout;
mod meaning;
mod text;
mod tree;
mod waivers;
mod write;

pub(crate) use document::Judged;
pub use document::Revision;
pub use layout::{Committed, Schemas, Unreadable};
pub use text::render;
pub(crate) use text::without_mark;
pub use tree::{Tree, read_dir};
pub(crate) use tree::{in_folder, is_ours};
pub use waivers::{AcceptedBreak, Waiver, Waivers};
pub use write::{Change, write};

pub(crate) use layout::{current_file, golden_file, history_file, schema as as_schema, writer_of};
pub(crate) use meaning::{at as meaning_at, of as meaning_of, shape_at};
pub(crate) use waivers::{FILE as WAIVERS, append, is_day};
