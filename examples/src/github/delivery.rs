//! From a raw delivery to a typed event, or to an error that says where it doesn't fit.

use event_sqlx::{Enqueue, Enqueueing, Transaction};
use sqlx::Sqlite;
use thiserror::Error;

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

/// Ties each kind of delivery to its event, in one list.
macro_rules! deliveries {
    ($($kind:literal => $event:ident,)+) => {
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
                $($kind => fit(kind, body).map(Delivery::$event),)+
                _ => Err(DeliveryError::UnknownKind { kind: kind.to_owned() }),
            }
        }
    };
}

deliveries! {
    "check_run" => CheckRunChanged,
    "create" => RefCreated,
    "delete" => RefDeleted,
    "deployment_status" => DeploymentStatusChanged,
    "fork" => Forked,
    "issue_comment" => CommentChanged,
    "issues" => IssueChanged,
    "label" => LabelChanged,
    "member" => MemberChanged,
    "milestone" => MilestoneChanged,
    "ping" => Pinged,
    "pull_request" => PullRequestChanged,
    "pull_request_review" => PullRequestReviewed,
    "push" => Pushed,
    "release" => ReleaseChanged,
    "repository" => RepositoryChanged,
    "star" => Starred,
    "watch" => Watched,
    "workflow_run" => WorkflowRunChanged,
}

fn fit<E: serde::de::DeserializeOwned>(kind: &str, body: &str) -> Result<E, DeliveryError> {
    let mut json = serde_json::Deserializer::from_str(body);
    let misfit = |place: String, source| DeliveryError::Misfit { kind: kind.to_owned(), place, source };
    let event =
        serde_path_to_error::deserialize(&mut json).map_err(|error| misfit(place(error.path()), error.into_inner()))?;
    json.end().map_err(|source| misfit(".".to_owned(), source))?;
    Ok(event)
}

/// The path, as far as it is known: the text may end in the middle of a name.
fn place(path: &serde_path_to_error::Path) -> String {
    match path.to_string().trim_end_matches(['.', '?']) {
        "" => ".".to_owned(),
        known => known.to_owned(),
    }
}
