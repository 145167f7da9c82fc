//! What happens to the repository itself, its releases and its webhooks.

use chrono::{DateTime, Utc};
use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parts::{Account, Repository, in_repository};
use super::word::Word;

/// The repository was made, renamed, moved, hidden …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.repository", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct RepositoryChanged {
    /// What happened: `created`, `renamed`, `transferred`; GitHub adds to the list.
    pub action: Word,
    /// The repository, after it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// What happens to a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseAction {
    /// It is new, perhaps a draft.
    Created,
    /// It can be seen.
    Published,
    /// It is final.
    Released,
    /// It is a trial.
    Prereleased,
    /// Its text changed.
    Edited,
    /// It can no longer be seen.
    Unpublished,
    /// It is gone.
    Deleted,
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Release {
    /// Stays the same when it is edited.
    pub id: u64,
    /// The tag that it is made from.
    pub tag_name: String,
    /// Its title.
    pub name: Option<String>,
    /// Whether only those who may write can see it.
    pub draft: bool,
    /// Whether it is a trial.
    pub prerelease: bool,
    /// Who made it.
    pub author: Account,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it could first be seen, if it can.
    pub published_at: Option<DateTime<Utc>>,
}

/// A release was made, edited, published or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.release", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct ReleaseChanged {
    /// What happened.
    pub action: ReleaseAction,
    /// The release, after it happened.
    pub release: Release,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// A webhook, as it was set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hook {
    /// Stays the same for ever.
    pub id: u64,
    /// Whether it delivers.
    pub active: bool,
    /// The kinds that it delivers; `*` for all.
    pub events: Vec<String>,
}

/// A webhook was set up and says hello. The webhook of an organisation has no repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.ping", version = 1, key = hook_id, aggregate = "github.hook")]
pub struct Pinged {
    /// A word of GitHub's wisdom.
    pub zen: String,
    /// The webhook's id.
    pub hook_id: u64,
    /// The webhook.
    pub hook: Hook,
    /// Where it was set up.
    pub repository: Option<Repository>,
    /// Who did it.
    pub sender: Account,
}

in_repository!(RepositoryChanged, ReleaseChanged);
