//! The processes of a server, as Linux tells of them.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

/// The process ids of the children of `parent`.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap();
    list.split_whitespace().map(|id| id.parse().unwrap()).collect()
}

/// Whether it runs. One that ended and that nobody has asked about doesn't.
pub(crate) fn is_alive(id: u32) -> bool {
    let state = |text: String| text.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    let state = fs::read_to_string(format!("/proc/{id}/stat")).ok().and_then(state);
    state.is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

/// Sends it a signal, unless it has ended by itself.
pub(crate) fn signal(id: u32, signal: Signal) {
    let id = i32::try_from(id).ok().and_then(Pid::from_raw).expect("ids of processes are positive");
    // Its parent may be gone, and it may have noticed that.
    let _ = kill_process(id, signal);
}
