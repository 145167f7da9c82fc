//! GitHub's webhooks as GitHub sends them: somebody else's events.
//!
//! Each struct declares what we use of a payload and nothing else, in types that hold all that GitHub's schema allows;
//! `schema-check` proves it against the schemas under `schemas/foreign/`. What our own events ask for beyond that (an id
//! is never negative, somebody said it) is asked in [`Own::own`], once, at the door.

mod actors;
mod code;
mod planning;
mod runs;

use chrono::{DateTime, Utc};
use serde::de::Error as _;

use super::word::Word;

pub use actors::{Member, Ping, Release, RepositoryEvent, Star, Watch};
pub use code::{Create, Delete, Fork, Push};
pub use planning::{IssueComment, Issues, Label, Milestone, PullRequest, PullRequestReview};
pub use runs::{CheckRun, DeploymentStatus, WorkflowRun};

/// Why a payload has no meaning for us, and where.
#[derive(Debug)]
pub struct Meaningless {
    /// The path to the place, `pull_request.user.id`.
    pub place: String,
    /// What is wrong there.
    pub cause: serde_json::Error,
}

impl Meaningless {
    fn new(cause: impl std::fmt::Display) -> Self {
        Self { place: String::new(), cause: serde_json::Error::custom(cause) }
    }

    fn within(mut self, outer: &str) -> Self {
        self.place = if self.place.is_empty() { outer.to_owned() } else { format!("{outer}.{}", self.place) };
        self
    }
}

/// What becomes ours.
pub trait Own {
    /// As our events have it.
    type Own;

    /// As our events have it.
    ///
    /// # Errors
    /// When GitHub may send it and we can't mean anything by it.
    fn own(self) -> Result<Self::Own, Meaningless>;
}

/// Ids, numbers and counts: GitHub's schema says that they are integers, and ours that they are counted from 0.
impl Own for i64 {
    type Own = u64;

    fn own(self) -> Result<u64, Meaningless> {
        u64::try_from(self).map_err(|_| Meaningless::new(format!("{self} is negative")))
    }
}

impl<T: Own> Own for Option<T> {
    type Own = Option<T::Own>;

    fn own(self) -> Result<Self::Own, Meaningless> {
        self.map(T::own).transpose()
    }
}

impl<T: Own> Own for Vec<T> {
    type Own = Vec<T::Own>;

    fn own(self) -> Result<Self::Own, Meaningless> {
        let each = |(number, one): (usize, T)| one.own().map_err(|error| error.within(&format!("[{number}]")));
        self.into_iter().enumerate().map(each).collect()
    }
}

/// What GitHub's schema lets be absent or null, and our events don't.
#[derive(Debug, Clone, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Needed<T>(Option<T>);

impl<T> Default for Needed<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Own> Own for Needed<T> {
    type Own = T::Own;

    fn own(self) -> Result<T::Own, Meaningless> {
        self.0.ok_or_else(|| Meaningless::new("it is null or absent, and our events need it"))?.own()
    }
}

/// What is ours as it is.
macro_rules! as_it_is {
    ($($same:ty),+ $(,)?) => {
        $(impl $crate::github::raw::Own for $same {
            type Own = Self;

            fn own(self) -> Result<Self, $crate::github::raw::Meaningless> {
                Ok(self)
            }
        })+
    };
}
use as_it_is;

as_it_is!(bool, String, DateTime<Utc>, Word);

/// Declares what we use of a part of GitHub's, and that it becomes ours field by field.
macro_rules! raw {
    ($($(#[$of_type:meta])* $name:ident => $own:ident { $($(#[$of_field:meta])* $field:ident: $ty:ty,)+ })+) => {
        $(
            $(#[$of_type])*
            #[derive(Debug, Clone, serde::Deserialize, schemars::JsonSchema)]
            pub struct $name {
                $($(#[$of_field])* #[allow(missing_docs, reason = "it is documented where it is ours")] pub $field: $ty,)+
            }

            impl $crate::github::raw::Own for $name {
                type Own = $crate::github::$own;

                fn own(self) -> Result<Self::Own, $crate::github::raw::Meaningless> {
                    Ok($crate::github::$own {
                        $($field: self.$field.own().map_err(|error| error.within(stringify!($field)))?,)+
                    })
                }
            }
        )+
    };
}
use raw;
