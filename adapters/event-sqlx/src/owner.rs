//! Names of lease owners that tell whether their process still lives.

use event_core::{EventId, Owner, SystemClock};

/// A new name for an owner in this process: where and which process it is, and something random.
pub(crate) fn new_owner() -> Owner {
    let random = EventId::generate(&SystemClock);
    Owner::new(format!("{}/{random}", process::this().unwrap_or_else(|| "unknown".to_owned())))
}

/// Whether the process of an owner is known to be gone. `false` where that can't be told: another host, another
/// container, another operating system. Its lease then has to run out.
pub(crate) fn is_gone(owner: &str) -> bool {
    owner.rsplit_once('/').is_some_and(|(process, _)| process::is_gone(process))
}

/// Processes are told apart by boot, process-id namespace, process id and start time.
#[cfg(target_os = "linux")]
mod process {
    use std::fs;

    pub(super) fn this() -> Option<String> {
        let pid = std::process::id();
        Some(format!("{}/{pid}/{}", host()?, start_time(pid)?))
    }

    pub(super) fn is_gone(process: &str) -> bool {
        let mut parts = process.rsplitn(3, '/');
        let (Some(start), Some(pid), Some(there)) = (parts.next(), parts.next(), parts.next()) else { return false };
        let Ok(pid) = pid.parse::<u32>() else { return false };
        host().is_some_and(|here| here == there) && start_time(pid).is_none_or(|now| now != start)
    }

    fn host() -> Option<String> {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
        Some(format!("{}/{}", boot.trim(), namespace.to_str()?))
    }

    /// Field 22 of `/proc/<pid>/stat`, counted after the command's name, which may hold spaces and brackets.
    fn start_time(pid: u32) -> Option<String> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        fields.split_whitespace().nth(19).map(str::to_owned)
    }
}

#[cfg(not(target_os = "linux"))]
mod process {
    pub(super) fn this() -> Option<String> {
        None
    }

    pub(super) fn is_gone(_: &str) -> bool {
        false
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_lives_and_a_process_that_ended_is_gone() {
        let own = new_owner();
        assert!(!is_gone(own.as_str()));
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("sleep is a program");
        let parts: Vec<_> = own.as_str().rsplitn(4, '/').collect();
        let host = parts.last().expect("an owner names its host");
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).expect("the child lives");
        let start = stat.rsplit_once(')').and_then(|(_, f)| f.split_whitespace().nth(19)).expect("a start time");
        let other = format!("{host}/{}/{start}/random", child.id());
        assert!(!is_gone(&other));
        child.kill().and_then(|()| child.wait()).expect("the child ends");
        assert!(is_gone(&other));
    }

    #[test]
    fn owners_that_can_not_be_judged_count_as_alive() {
        for owner in ["", "x", "unknown/1", "other-boot/pid:[1]/1/2/random"] {
            assert!(!is_gone(owner), "{owner}");
        }
    }
}
