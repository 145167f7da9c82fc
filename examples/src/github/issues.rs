//! What is planned: issues, their comments, labels and milestones.

use chrono::{DateTime, Utc};
use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parts::{Account, Comment, Label, Milestone, OpenState, Repository, in_repository};
use super::word::Word;

/// An issue, or a pull request seen as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Issue {
    /// Stays the same when the issue moves to another repository.
    pub id: u64,
    /// What people call it, within its repository.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Who opened it.
    pub user: Account,
    /// The description, as Markdown.
    pub body: Option<String>,
    /// Absent in some deliveries of old.
    pub state: Option<OpenState>,
    /// Who works on it.
    pub assignees: Vec<Account>,
    /// Its labels.
    #[serde(default)]
    pub labels: Vec<Label>,
    /// What it belongs to.
    pub milestone: Option<Milestone>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When anything of it changed last.
    pub updated_at: DateTime<Utc>,
    /// When it was closed, if it is.
    pub closed_at: Option<DateTime<Utc>>,
}

/// Anything happened to an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.issues", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct IssueChanged {
    /// What happened: `opened`, `labeled`, `transferred`; GitHub adds to the list.
    pub action: Word,
    /// The issue, after it happened.
    pub issue: Issue,
    /// The label that came or went.
    pub label: Option<Label>,
    /// The account that was assigned or is no longer.
    pub assignee: Option<Account>,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// What happens to something that people wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EditAction {
    /// It is new.
    Created,
    /// Its text changed.
    Edited,
    /// It is gone.
    Deleted,
}

/// A comment on an issue or a pull request was made, edited or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.issue_comment", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct CommentChanged {
    /// What happened.
    pub action: EditAction,
    /// The issue that it stands under.
    pub issue: Issue,
    /// The comment, after it happened.
    pub comment: Comment,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// A label of the repository was made, edited or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.label", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct LabelChanged {
    /// What happened.
    pub action: EditAction,
    /// The label, after it happened.
    pub label: Label,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// What happens to a milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneAction {
    /// It is new.
    Created,
    /// Its title, description or date changed.
    Edited,
    /// It was reached, or given up.
    Closed,
    /// It is worked on again.
    Opened,
    /// It is gone.
    Deleted,
}

/// A milestone of the repository changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.milestone", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct MilestoneChanged {
    /// What happened.
    pub action: MilestoneAction,
    /// The milestone, after it happened.
    pub milestone: Milestone,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

in_repository!(IssueChanged, CommentChanged, LabelChanged, MilestoneChanged);
