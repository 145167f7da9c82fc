//! What is proposed: pull requests and their reviews.

use chrono::{DateTime, Utc};
use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parts::{Account, Label, OpenState, Repository, in_repository};
use super::word::Word;

/// One end of a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Branch {
    /// The name of the branch.
    #[serde(rename = "ref")]
    pub git_ref: String,
    /// The commit that it stands at.
    pub sha: String,
}

/// A pull request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PullRequest {
    /// Stays the same for ever.
    pub id: u64,
    /// What people call it, within its repository.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Who opened it.
    pub user: Account,
    /// The description, as Markdown.
    pub body: Option<String>,
    /// Whether it is still worked on.
    pub state: OpenState,
    /// Whether it is not yet meant to be merged. Deliveries of old don't say.
    #[serde(default)]
    pub draft: bool,
    /// What is to be merged.
    pub head: Branch,
    /// What it is to be merged into.
    pub base: Branch,
    /// Its labels.
    pub labels: Vec<Label>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When anything of it changed last.
    pub updated_at: DateTime<Utc>,
    /// When it was merged, if it is.
    pub merged_at: Option<DateTime<Utc>>,
    /// When it was closed or merged, if it is.
    pub closed_at: Option<DateTime<Utc>>,
}

/// Anything happened to a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.pull_request", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct PullRequestChanged {
    /// What happened: `opened`, `synchronize`, `ready_for_review`; GitHub adds to the list.
    pub action: Word,
    /// The pull request, after it happened.
    pub pull_request: PullRequest,
    /// The account whose review was asked for or is no longer.
    pub requested_reviewer: Option<Account>,
    /// The label that came or went.
    pub label: Option<Label>,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// What happens to a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewAction {
    /// It was handed in.
    Submitted,
    /// Its text changed.
    Edited,
    /// It no longer counts.
    Dismissed,
}

/// A review of a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// Stays the same when it is edited.
    pub id: u64,
    /// Who reviewed.
    pub user: Account,
    /// What they said, as Markdown.
    pub body: Option<String>,
    /// What they think: `approved`, `changes_requested`; GitHub adds to the list.
    pub state: Word,
    /// The commit that they looked at.
    pub commit_id: String,
    /// When they handed it in.
    pub submitted_at: DateTime<Utc>,
}

/// A review was handed in, edited or dismissed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.pull_request_review", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct PullRequestReviewed {
    /// What happened.
    pub action: ReviewAction,
    /// The review, after it happened.
    pub review: Review,
    /// What was reviewed.
    pub pull_request: PullRequest,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

in_repository!(PullRequestChanged, PullRequestReviewed);
