//! What machines do.

use chrono::{DateTime, Utc};
use event_core::DomainEvent;

use super::actors::{Account, Repository};
use super::raw;
use crate::github::Word;

raw! {
    /// A run of a workflow.
    WorkflowRunPart => WorkflowRun {
        id: i64,
        name: Option<String>,
        run_number: i64,
        run_attempt: i64,
        event: Word,
        status: Word,
        conclusion: Option<Word>,
        head_branch: Option<String>,
        head_sha: String,
        run_started_at: DateTime<Utc>,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.workflow_run", version = 1, foreign)]
    WorkflowRun => WorkflowRunChanged {
        action: Word,
        workflow_run: WorkflowRunPart,
        repository: Repository,
        sender: Account,
    }

    /// One check of a commit.
    CheckRunPart => CheckRun {
        id: i64,
        name: String,
        head_sha: String,
        status: Word,
        conclusion: Option<Word>,
        started_at: DateTime<Utc>,
        completed_at: Option<DateTime<Utc>>,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.check_run", version = 1, foreign)]
    CheckRun => CheckRunChanged {
        action: Word,
        check_run: CheckRunPart,
        repository: Repository,
        sender: Account,
    }

    /// One try to bring a commit to where people use it.
    Deployment => Deployment {
        id: i64,
        sha: String,
        #[serde(rename = "ref")]
        git_ref: String,
        environment: String,
    }

    /// How a deployment stands.
    DeploymentStatusPart => DeploymentStatus {
        id: i64,
        state: Word,
        created_at: DateTime<Utc>,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.deployment_status", version = 1, foreign)]
    DeploymentStatus => DeploymentStatusChanged {
        deployment_status: DeploymentStatusPart,
        deployment: Deployment,
        repository: Repository,
        sender: Account,
    }
}
