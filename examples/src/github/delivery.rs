//! From a raw delivery to an event of ours, or to an error that says where it doesn't fit: raw payload → foreign event →
//! own event.

use event_sqlx::{Enqueue, Enqueueing, Transaction};
use sqlx::Sqlite;
use thiserror::Error;

use super::raw::{self, Own};
use super::{
    CheckRunChanged, CommentChanged, DeploymentStatusChanged, Forked, IssueChanged, LabelChanged, MemberChanged,
    MilestoneChanged, Pinged, PullRequestChanged, PullRequestReviewed, Pushed, RefCreated, RefDeleted, ReleaseChanged,
    RepositoryChanged, Starred, Watched, WorkflowRunChanged,
};

/// Why a delivery is no event of ours.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// GitHub has more kinds than we listen to.
    #[error("no event is made of deliveries of the kind `{kind}`")]
    UnknownKind {
        /// The header `X-GitHub-Event`.
        kind: String,
    },
    /// The delivery lacks what the event needs, or has it in another form.
    #[error("a delivery of the kind `{kind}` doesn't fit at `{place}`")]
    Misfit {
        /// The header `X-GitHub-Event`.
        kind: String,
        /// The path to the place, `pull_request.user.id`; `.` is the delivery as a whole.
        place: String,
        /// serde's own error.
        source: serde_json::Error,
    },
}

/// Ties each kind of delivery to GitHub's event and to ours, in one list.
macro_rules! deliveries {
    ($($kind:literal => $raw:ident => $event:ident,)+) => {
        /// A delivery, as the event that is made of it.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Delivery {
            $(
                #[doc = concat!("Of the kind `", $kind, "`.")]
                $event($event),
            )+
        }

        impl Delivery {
            /// Every kind that [`decode`] knows, in alphabetical order.
            pub const KINDS: &[&str] = &[$($kind),+];

            /// Writes the event to the outbox of `tx` when awaited.
            pub fn enqueue<'a>(&self, tx: &'a mut Transaction<'_, Sqlite>) -> Enqueueing<'a> {
                match self {
                    $(Self::$event(event) => event.enqueue(tx),)+
                }
            }
        }

        /// Makes an event of the raw `body` of a delivery; `kind` is the header `X-GitHub-Event`.
        ///
        /// # Errors
        /// When the kind is not one of ours, or the body doesn't fit: the error says where.
        pub fn decode(kind: &str, body: &str) -> Result<Delivery, DeliveryError> {
            match kind {
                $($kind => fit::<raw::$raw>(kind, body).map(Delivery::$event),)+
                _ => Err(DeliveryError::UnknownKind { kind: kind.to_owned() }),
            }
        }
    };
}

deliveries! {
    "check_run" => CheckRun => CheckRunChanged,
    "create" => Create => RefCreated,
    "delete" => Delete => RefDeleted,
    "deployment_status" => DeploymentStatus => DeploymentStatusChanged,
    "fork" => Fork => Forked,
    "issue_comment" => IssueComment => CommentChanged,
    "issues" => Issues => IssueChanged,
    "label" => Label => LabelChanged,
    "member" => Member => MemberChanged,
    "milestone" => Milestone => MilestoneChanged,
    "ping" => Ping => Pinged,
    "pull_request" => PullRequest => PullRequestChanged,
    "pull_request_review" => PullRequestReview => PullRequestReviewed,
    "push" => Push => Pushed,
    "release" => Release => ReleaseChanged,
    "repository" => RepositoryEvent => RepositoryChanged,
    "star" => Star => Starred,
    "watch" => Watch => Watched,
    "workflow_run" => WorkflowRun => WorkflowRunChanged,
}

/// GitHub's event, read, then ours.
fn fit<R: Own + serde::de::DeserializeOwned>(kind: &str, body: &str) -> Result<R::Own, DeliveryError> {
    let mut json = serde_json::Deserializer::from_str(body);
    let misfit = |place: String, source| DeliveryError::Misfit { kind: kind.to_owned(), place, source };
    let raw: R =
        serde_path_to_error::deserialize(&mut json).map_err(|error| misfit(place(error.path()), error.into_inner()))?;
    json.end().map_err(|source| misfit(".".to_owned(), source))?;
    raw.own().map_err(|error| misfit(error.place, error.cause))
}

/// The path, as far as it is known: the text may end in the middle of a name.
fn place(path: &serde_path_to_error::Path) -> String {
    match path.to_string().trim_end_matches(['.', '?']) {
        "" => ".".to_owned(),
        known => known.to_owned(),
    }
}
