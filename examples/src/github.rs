//! GitHub's webhooks as versioned domain events of our own.
//!
//! What GitHub sends is somebody else's event: [`raw`] declares it `foreign`, as far as we use it, and is checked against
//! GitHub's own schemas. GitHub sends far more than we need and adds to it without notice. An event of ours keeps the part that our services rely on,
//! under a name and a version that are ours: what GitHub adds later changes nothing, and what it takes away is refused
//! at the door by [`decode`], which says where.
//!
//! All events of a repository are in order: the repository is their aggregate, its id their key.

mod code;
mod delivery;
mod issues;
mod journal;
mod parts;
mod people;
mod pulls;
pub mod raw;
mod repository;
mod runs;
mod word;

pub use code::{Forked, Pushed, RefCreated, RefDeleted, RefKind};
pub use delivery::{Delivery, DeliveryError, decode};
pub use issues::{CommentChanged, EditAction, Issue, IssueChanged, LabelChanged, MilestoneAction, MilestoneChanged};
pub use journal::Journal;
pub use parts::{Account, Comment, Commit, Label, Milestone, OpenState, Person, Repository};
pub use people::{MemberAction, MemberChanged, StarAction, Starred, WatchAction, Watched};
pub use pulls::{Branch, PullRequest, PullRequestChanged, PullRequestReviewed, Review, ReviewAction};
pub use repository::{Hook, Pinged, Release, ReleaseAction, ReleaseChanged, RepositoryChanged};
pub use runs::{
    CheckRun, CheckRunChanged, Deployment, DeploymentStatus, DeploymentStatusChanged, WorkflowRun, WorkflowRunChanged,
};
pub use word::Word;
