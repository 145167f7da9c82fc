//! Where an event stands: the newest version of its type, or one that is only read.

/// One of the words below.
pub trait Standing: 'static {}

/// What handlers may take.
pub trait Handled: Standing {}

/// What may be published.
pub trait Published: Handled {}

/// The newest version.
#[derive(Debug, Clone, Copy)]
pub enum Newest {}

impl Standing for Newest {}
impl Handled for Newest {}
impl Published for Newest {}

/// An older version: stored events of it are read.
#[derive(Debug, Clone, Copy)]
pub enum Superseded {}

impl Standing for Superseded {}
