//! What many events have in common.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A user, a bot or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Stays the same when the account is renamed.
    pub id: u64,
    /// The name that can change.
    pub login: String,
}

/// Where it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Repository {
    /// Stays the same when the repository is renamed or transferred.
    pub id: u64,
    /// `owner/name`.
    pub full_name: String,
    /// Whether it is hidden from the public.
    pub private: bool,
    /// The branch that pull requests go to unless they say otherwise.
    pub default_branch: String,
    /// Who it belongs to.
    pub owner: Account,
}

/// Somebody as git knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// The name in the commit.
    pub name: String,
    /// The address in the commit.
    pub email: Option<String>,
    /// The GitHub account, if the address is one's.
    pub username: Option<String>,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Commit {
    /// Its hash.
    pub id: String,
    /// The whole message.
    pub message: String,
    /// When it was committed, by the clock of whoever did.
    pub timestamp: DateTime<Utc>,
    /// Who wrote it.
    pub author: Person,
    /// The paths that it adds.
    pub added: Vec<String>,
    /// The paths that it removes.
    pub removed: Vec<String>,
    /// The paths that it modifies.
    pub modified: Vec<String>,
}

/// A label of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Label {
    /// Stays the same when the label is renamed.
    pub id: u64,
    /// The text on it.
    pub name: String,
    /// Six hexadecimal digits.
    pub color: String,
}

/// A milestone of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Milestone {
    /// Stays the same for ever.
    pub id: u64,
    /// What people call it, within its repository.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Whether it is still worked on.
    pub state: OpenState,
    /// When it should be reached.
    pub due_on: Option<DateTime<Utc>>,
}

/// Something that people said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Comment {
    /// Stays the same when it is edited.
    pub id: u64,
    /// Who said it.
    pub user: Account,
    /// What they said, as Markdown.
    pub body: String,
    /// When they said it.
    pub created_at: DateTime<Utc>,
}

/// Whether something is open. GitHub has had these two for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpenState {
    /// Still worked on.
    Open,
    /// Done, or given up.
    Closed,
}

/// An event that happened in a repository.
pub(super) trait InRepository {
    /// The repository.
    fn repository(&self) -> &Repository;
}

/// The key of such an event.
pub(super) fn repository_id(event: &impl InRepository) -> u64 {
    event.repository().id
}

/// Says that the events have a field `repository`.
macro_rules! in_repository {
    ($($event:ident),+ $(,)?) => {
        $(impl crate::github::parts::InRepository for $event {
            fn repository(&self) -> &crate::github::parts::Repository {
                &self.repository
            }
        })+
    };
}
pub(super) use in_repository;
