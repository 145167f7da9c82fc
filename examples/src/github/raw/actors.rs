//! Who and where: accounts, repositories, and what happens to them.

use chrono::{DateTime, Utc};
use event_core::DomainEvent;

use super::{Needed, as_it_is, raw};
use crate::github::{MemberAction, ReleaseAction, StarAction, WatchAction, Word};

as_it_is!(MemberAction, ReleaseAction, StarAction, WatchAction);

raw! {
    /// A user, a bot or an organisation.
    Account => Account {
        id: i64,
        login: String,
    }

    /// Where it happened.
    Repository => Repository {
        id: i64,
        full_name: String,
        private: bool,
        default_branch: String,
        owner: Account,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.repository", version = 1, foreign)]
    RepositoryEvent => RepositoryChanged {
        action: Word,
        repository: Repository,
        sender: Account,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.star", version = 1, foreign)]
    Star => Starred {
        action: StarAction,
        starred_at: Option<DateTime<Utc>>,
        repository: Repository,
        sender: Account,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.watch", version = 1, foreign)]
    Watch => Watched {
        action: WatchAction,
        repository: Repository,
        sender: Account,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.member", version = 1, foreign)]
    Member => MemberChanged {
        action: MemberAction,
        member: Account,
        repository: Repository,
        sender: Account,
    }

    /// A release.
    ReleasePart => Release {
        id: i64,
        tag_name: String,
        name: Option<String>,
        draft: bool,
        prerelease: bool,
        author: Account,
        created_at: Needed<DateTime<Utc>>,
        published_at: Option<DateTime<Utc>>,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.release", version = 1, foreign)]
    Release => ReleaseChanged {
        action: ReleaseAction,
        release: ReleasePart,
        repository: Repository,
        sender: Account,
    }

    /// A webhook, as it was set up.
    Hook => Hook {
        id: i64,
        active: bool,
        events: Vec<String>,
    }

    /// The payload of a kind of delivery.
    #[derive(DomainEvent)]
    #[event(type = "com.github.ping", version = 1, foreign)]
    Ping => Pinged {
        zen: String,
        hook_id: i64,
        hook: Hook,
        repository: Option<Repository>,
        #[serde(default)]
        sender: Needed<Account>,
    }
}
