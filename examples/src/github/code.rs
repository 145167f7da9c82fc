//! What happens to the code: pushes, branches and tags, forks.

use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parts::{Account, Commit, Person, Repository, in_repository};

/// Commits were pushed, or a branch or tag was moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.push", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct Pushed {
    /// What was pushed to: `refs/heads/main`, `refs/tags/v1`.
    #[serde(rename = "ref")]
    pub git_ref: String,
    /// Where it stood before; zeros when it is new.
    pub before: String,
    /// Where it stands now; zeros when it is gone.
    pub after: String,
    /// Whether the push made it.
    pub created: bool,
    /// Whether the push deleted it.
    pub deleted: bool,
    /// Whether commits were left behind.
    pub forced: bool,
    /// The new commits, the oldest first.
    pub commits: Vec<Commit>,
    /// Who pushed, as git knows them.
    pub pusher: Person,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// A branch or a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefKind {
    /// Moves with each push.
    Branch,
    /// Stays.
    Tag,
}

/// A branch or a tag was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.create", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct RefCreated {
    /// Its short name.
    #[serde(rename = "ref")]
    pub git_ref: String,
    /// Which of both.
    pub ref_type: RefKind,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// A branch or a tag was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.delete", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct RefDeleted {
    /// Its short name.
    #[serde(rename = "ref")]
    pub git_ref: String,
    /// Which of both.
    pub ref_type: RefKind,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// Somebody made a repository from this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.fork", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct Forked {
    /// The new repository.
    pub forkee: Repository,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

in_repository!(Pushed, RefCreated, RefDeleted, Forked);
