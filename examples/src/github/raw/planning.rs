//! What is planned and proposed.

use chrono::{DateTime, Utc};
use event_core::DomainEvent;

use super::actors::{Account, Repository};
use super::{Needed, as_it_is, raw};
use crate::github::{EditAction, MilestoneAction, OpenState, ReviewAction, Word};

as_it_is!(EditAction, MilestoneAction, OpenState, ReviewAction);

raw! {
    /// A label of a repository.
    LabelPart => Label {
        id: i64,
        name: String,
        color: String,
    }

    /// A milestone of a repository.
    MilestonePart => Milestone {
        id: i64,
        number: i64,
        title: String,
        state: OpenState,
        due_on: Option<DateTime<Utc>>,
    }

    /// Something that people said.
    Comment => Comment {
        id: i64,
        user: Account,
        body: String,
        created_at: DateTime<Utc>,
    }

    /// An issue, or a pull request seen as one.
    Issue => Issue {
        id: i64,
        number: i64,
        title: String,
        user: Account,
        body: Option<String>,
        state: Option<OpenState>,
        assignees: Vec<Account>,
        #[serde(default)]
        labels: Vec<LabelPart>,
        milestone: Option<MilestonePart>,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
        closed_at: Option<DateTime<Utc>>,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.issues", version = 1, foreign)]
    Issues => IssueChanged {
        action: Word,
        issue: Issue,
        label: Option<LabelPart>,
        assignee: Option<Account>,
        repository: Repository,
        sender: Account,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.issue_comment", version = 1, foreign)]
    IssueComment => CommentChanged {
        action: EditAction,
        issue: Issue,
        comment: Comment,
        repository: Repository,
        sender: Account,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.label", version = 1, foreign)]
    Label => LabelChanged {
        action: EditAction,
        label: LabelPart,
        repository: Repository,
        sender: Account,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.milestone", version = 1, foreign)]
    Milestone => MilestoneChanged {
        action: MilestoneAction,
        milestone: MilestonePart,
        repository: Repository,
        sender: Account,
    }

    /// One end of a pull request.
    Branch => Branch {
        #[serde(rename = "ref")]
        git_ref: String,
        sha: String,
    }

    /// A pull request.
    PullRequestPart => PullRequest {
        id: i64,
        number: i64,
        title: String,
        user: Account,
        body: Option<String>,
        state: OpenState,
        #[serde(default)]
        draft: bool,
        head: Branch,
        base: Branch,
        labels: Vec<LabelPart>,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
        merged_at: Option<DateTime<Utc>>,
        closed_at: Option<DateTime<Utc>>,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.pull_request", version = 1, foreign)]
    PullRequest => PullRequestChanged {
        action: Word,
        pull_request: PullRequestPart,
        requested_reviewer: Option<Account>,
        label: Option<LabelPart>,
        repository: Repository,
        sender: Account,
    }

    /// A review of a pull request.
    Review => Review {
        id: i64,
        user: Account,
        body: Option<String>,
        state: Word,
        commit_id: String,
        submitted_at: Needed<DateTime<Utc>>,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.pull_request_review", version = 1, foreign)]
    PullRequestReview => PullRequestReviewed {
        action: ReviewAction,
        review: Review,
        pull_request: PullRequestPart,
        repository: Repository,
        sender: Account,
    }
}
