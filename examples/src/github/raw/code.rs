//! What happens to the code.

use chrono::{DateTime, Utc};
use event_core::DomainEvent;

use super::actors::{Account, Repository};
use super::{as_it_is, raw};
use crate::github::RefKind;

as_it_is!(RefKind);

raw! {
    /// Somebody as git knows them.
    Person => Person {
        name: String,
        email: Option<String>,
        username: Option<String>,
    }

    /// One commit.
    Commit => Commit {
        id: String,
        message: String,
        timestamp: DateTime<Utc>,
        author: Person,
        added: Vec<String>,
        removed: Vec<String>,
        modified: Vec<String>,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.push", version = 1, foreign)]
    Push => Pushed {
        #[serde(rename = "ref")]
        git_ref: String,
        before: String,
        after: String,
        created: bool,
        deleted: bool,
        forced: bool,
        commits: Vec<Commit>,
        pusher: Person,
        repository: Repository,
        sender: Account,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.create", version = 1, foreign)]
    Create => RefCreated {
        #[serde(rename = "ref")]
        git_ref: String,
        ref_type: RefKind,
        repository: Repository,
        sender: Account,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.delete", version = 1, foreign)]
    Delete => RefDeleted {
        #[serde(rename = "ref")]
        git_ref: String,
        ref_type: RefKind,
        repository: Repository,
        sender: Account,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.fork", version = 1, foreign)]
    Fork => Forked {
        forkee: Repository,
        repository: Repository,
        sender: Account,
    }
}
