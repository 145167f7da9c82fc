//! What machines do: workflows, checks, deployments.

use chrono::{DateTime, Utc};
use event_core::DomainEvent;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parts::{Account, Repository, in_repository};
use super::word::Word;

/// A run of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WorkflowRun {
    /// Stays the same when it is run again.
    pub id: u64,
    /// The workflow's name.
    pub name: Option<String>,
    /// Counts the runs of the workflow.
    pub run_number: u64,
    /// Counts how often this run was tried.
    pub run_attempt: u64,
    /// What set it off: `push`, `schedule`; GitHub adds to the list.
    pub event: Word,
    /// How far it is: `queued`, `completed`; GitHub adds to the list.
    pub status: Word,
    /// How it ended, if it has.
    pub conclusion: Option<Word>,
    /// The branch that it runs for, if any.
    pub head_branch: Option<String>,
    /// The commit that it runs for.
    pub head_sha: String,
    /// When this try began.
    pub run_started_at: DateTime<Utc>,
}

/// A workflow was asked to run, runs, or has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.workflow_run", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct WorkflowRunChanged {
    /// What happened: `requested`, `completed`; GitHub adds to the list.
    pub action: Word,
    /// The run, after it happened.
    pub workflow_run: WorkflowRun,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// One check of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckRun {
    /// Stays the same for ever.
    pub id: u64,
    /// The check's name.
    pub name: String,
    /// The commit that it checks.
    pub head_sha: String,
    /// How far it is: `queued`, `completed`; GitHub adds to the list.
    pub status: Word,
    /// How it ended, if it has.
    pub conclusion: Option<Word>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended, if it has.
    pub completed_at: Option<DateTime<Utc>>,
}

/// A check began, ended, or was asked for again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.check_run", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct CheckRunChanged {
    /// What happened: `created`, `rerequested`; GitHub adds to the list.
    pub action: Word,
    /// The check, after it happened.
    pub check_run: CheckRun,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

/// One try to bring a commit to where people use it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deployment {
    /// Stays the same for ever.
    pub id: u64,
    /// The commit.
    pub sha: String,
    /// The branch or tag that was asked for.
    #[serde(rename = "ref")]
    pub git_ref: String,
    /// Where it goes: `production`.
    pub environment: String,
}

/// How a deployment stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentStatus {
    /// Stays the same for ever.
    pub id: u64,
    /// How it stands: `in_progress`, `success`; GitHub adds to the list.
    pub state: Word,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// A deployment came to another state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "github.deployment_status", version = 1, key = super::parts::repository_id, aggregate = "github.repository")]
pub struct DeploymentStatusChanged {
    /// How it stands now.
    pub deployment_status: DeploymentStatus,
    /// The deployment.
    pub deployment: Deployment,
    /// Where it happened.
    pub repository: Repository,
    /// Who did it.
    pub sender: Account,
}

in_repository!(WorkflowRunChanged, CheckRunChanged, DeploymentStatusChanged);
