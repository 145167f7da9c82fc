//! The load example: ten thousand orders out of a file, each placed and invoiced once, whatever happens to the process.

mod generate;
mod intake;
mod lines;
mod summary;

pub use generate::generate;
pub use intake::{Intake, IntakeError};
pub use lines::{Line, Lines};
pub use summary::Summary;
