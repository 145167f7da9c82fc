//! The consumer of GitHub's events: a journal of who did what.

use event_core::{HandlerResult, event_handlers};
use event_sqlx::Context;
use sqlx::Sqlite;

use super::{
    CheckRunChanged, CommentChanged, DeploymentStatusChanged, Forked, IssueChanged, LabelChanged, MemberChanged,
    MilestoneChanged, Pinged, PullRequestChanged, PullRequestReviewed, Pushed, RefCreated, RefDeleted, ReleaseChanged,
    RepositoryChanged, Starred, Watched, WorkflowRunChanged,
};

/// Keeps a line per event. It means to know every kind, so that one which it doesn't know is a dead letter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Journal;

type Cx<'c> = Context<'c, Sqlite>;

#[event_handlers(consumer = "journal", unknown = "dead_letter")]
impl Journal {
    #[on]
    async fn check_run(&self, event: CheckRunChanged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("check_run", &event.sender.login, &format!("{} {}", event.check_run.name, event.action), cx).await
    }

    #[on]
    async fn create(&self, event: RefCreated, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("create", &event.sender.login, &event.git_ref.clone(), cx).await
    }

    #[on]
    async fn delete(&self, event: RefDeleted, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("delete", &event.sender.login, &event.git_ref.clone(), cx).await
    }

    #[on]
    async fn deployment_status(&self, event: DeploymentStatusChanged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep(
            "deployment_status",
            &event.sender.login,
            &format!("{} is {}", event.deployment.environment, event.deployment_status.state),
            cx,
        )
        .await
    }

    #[on]
    async fn fork(&self, event: Forked, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("fork", &event.sender.login, &event.forkee.full_name.clone(), cx).await
    }

    #[on]
    async fn issue_comment(&self, event: CommentChanged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("issue_comment", &event.sender.login, &format!("#{}", event.issue.number), cx).await
    }

    #[on]
    async fn issues(&self, event: IssueChanged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("issues", &event.sender.login, &format!("#{} {}", event.issue.number, event.action), cx).await
    }

    #[on]
    async fn label(&self, event: LabelChanged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("label", &event.sender.login, &event.label.name.clone(), cx).await
    }

    #[on]
    async fn member(&self, event: MemberChanged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("member", &event.sender.login, &event.member.login.clone(), cx).await
    }

    #[on]
    async fn milestone(&self, event: MilestoneChanged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("milestone", &event.sender.login, &event.milestone.title.clone(), cx).await
    }

    #[on]
    async fn ping(&self, event: Pinged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("ping", &event.sender.login, &event.zen.clone(), cx).await
    }

    #[on]
    async fn pull_request(&self, event: PullRequestChanged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("pull_request", &event.sender.login, &format!("#{} {}", event.pull_request.number, event.action), cx)
            .await
    }

    #[on]
    async fn pull_request_review(&self, event: PullRequestReviewed, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep(
            "pull_request_review",
            &event.sender.login,
            &format!("#{} {}", event.pull_request.number, event.review.state),
            cx,
        )
        .await
    }

    #[on]
    async fn push(&self, event: Pushed, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("push", &event.sender.login, &format!("{} commits to {}", event.commits.len(), event.git_ref), cx)
            .await
    }

    #[on]
    async fn release(&self, event: ReleaseChanged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("release", &event.sender.login, &event.release.tag_name.clone(), cx).await
    }

    #[on]
    async fn repository(&self, event: RepositoryChanged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("repository", &event.sender.login, &event.action.to_string(), cx).await
    }

    #[on]
    async fn star(&self, event: Starred, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("star", &event.sender.login, &event.repository.full_name.clone(), cx).await
    }

    #[on]
    async fn watch(&self, event: Watched, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep("watch", &event.sender.login, &event.repository.full_name.clone(), cx).await
    }

    #[on]
    async fn workflow_run(&self, event: WorkflowRunChanged, cx: &mut Cx<'_>) -> HandlerResult {
        self.keep(
            "workflow_run",
            &event.sender.login,
            &format!("run {} {}", event.workflow_run.run_number, event.action),
            cx,
        )
        .await
    }
}

impl Journal {
    async fn keep(&self, kind: &str, who: &str, what: &str, cx: &mut Cx<'_>) -> HandlerResult {
        sqlx::query("INSERT INTO journal (event_id, kind, who, what) VALUES (?1, ?2, ?3, ?4)")
            .bind(cx.event_id().to_string())
            .bind(kind)
            .bind(who)
            .bind(what)
            .execute(cx.connection())
            .await?;
        Ok(())
    }
}
