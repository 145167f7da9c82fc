//! Who takes an interest: stars, watchers, members.

use chrono::{DateTime, Utc};
use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parts::{Account, Repository, in_repository};

/// What happens to a star.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StarAction {
    /// It was given.
    Created,
    /// It was taken back.
    Deleted,
}

/// Somebody gave a star, or took it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.star", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct Starred {
    /// Which of both.
    pub action: StarAction,
    /// When it was given; unknown when it was taken back.
    pub starred_at: Option<DateTime<Utc>>,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// What happens to watching: GitHub tells of its beginning alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WatchAction {
    /// It began.
    Started,
}

/// Somebody wants to hear what happens here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.watch", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct Watched {
    /// What happened.
    pub action: WatchAction,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// What happens to a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberAction {
    /// Somebody may work here now.
    Added,
    /// What they may do changed.
    Edited,
    /// They may no longer.
    Removed,
}

/// Somebody came to work on the repository, or left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.member", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct MemberChanged {
    /// What happened.
    pub action: MemberAction,
    /// To whom.
    pub member: Account,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

in_repository!(Starred, Watched, MemberChanged);
