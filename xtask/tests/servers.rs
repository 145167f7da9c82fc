//! Bringing up servers, with fakes: small scripts which `sh` runs.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, test_kill_process};
use xtask::interrupt::Interrupt;
use xtask::machine::{Machine, NotInstalled};
use xtask::server::{Outcome, Server, Site, State, bring_up};

/// A server that answers by making the file `ready`, and then sleeps.
const FAKE: Server = Server {
    name: "fake",
    variable: "EVENT_TEST_FAKE_URL",
    program: "sh",
    places: || vec!["/bin".into()],
    package: Some("fake-server"),
    prepare: |site| vec![script(site, "echo data > data")],
    command: |site| script(site, "cat data; echo started; touch ready; exec sleep 600"),
    ready: |site| site.folder.join("ready").exists(),
    url: |site| site.folder.display().to_string(),
    limit: Duration::from_secs(20),
};

fn script(site: &Site, text: &str) -> Command {
    let mut command = Command::new(&site.program);
    command.args(["-c", text]).current_dir(&site.folder);
    command
}

fn bare_machine() -> Machine {
    Machine { variables: [("PATH".into(), "/nowhere".into())].into(), install: None }
}

fn bring_up_bare(server: &Server) -> Outcome {
    bring_up(server, &bare_machine(), &Interrupt::default())
}

fn reason(outcome: &Outcome) -> &str {
    match &outcome.row.state {
        State::Skipped { reason } => reason,
        other => panic!("not skipped: {other:?}"),
    }
}

fn is_alive(id: u32) -> bool {
    test_kill_process(Pid::from_raw(id.try_into().unwrap()).unwrap()).is_ok()
}

fn folder_of(outcome: &Outcome) -> PathBuf {
    let (variable, url) = outcome.address.as_ref().unwrap();
    assert_eq!(*variable, "EVENT_TEST_FAKE_URL");
    PathBuf::from(url)
}

#[test]
fn an_address_from_the_environment_is_taken_as_it_is() {
    let mut machine = bare_machine();
    machine.variables.insert("EVENT_TEST_FAKE_URL".into(), "fake://elsewhere".into());
    let outcome = bring_up(&FAKE, &machine, &Interrupt::default());
    assert_eq!(outcome.address, Some(("EVENT_TEST_FAKE_URL", "fake://elsewhere".to_owned())));
    assert!(outcome.up.is_none());
    let expected = State::Ran { version: None, how: "given by EVENT_TEST_FAKE_URL".to_owned() };
    assert_eq!(outcome.row.state, expected);
}

#[test]
fn a_started_server_is_ended_by_its_id_and_its_folder_removed() {
    let outcome = bring_up_bare(&FAKE);
    let State::Ran { how, .. } = &outcome.row.state else { panic!("{:?}", outcome.row) };
    assert_eq!(how, "started /bin/sh");
    let folder = folder_of(&outcome);
    assert_eq!(fs::read_to_string(folder.join("log")).unwrap(), "data\nstarted\n");
    let id = outcome.up.as_ref().unwrap().id();
    assert!(is_alive(id));
    drop(outcome);
    assert!(!is_alive(id));
    assert!(!folder.exists());
}

#[test]
fn a_server_that_is_not_found_is_skipped_and_says_what_to_do() {
    let server = Server { program: "no-such-server", ..FAKE };
    let expected = "no program `no-such-server`; install the package `fake-server`, or set EVENT_TEST_FAKE_URL";
    assert_eq!(reason(&bring_up_bare(&server)), expected);
}

#[test]
fn a_server_without_a_package_is_unavailable() {
    let server = Server { program: "no-such-server", package: None, ..FAKE };
    let outcome = bring_up_bare(&server);
    assert!(matches!(outcome.row.state, State::Unavailable { .. }), "{:?}", outcome.row);
    assert_eq!(outcome.address, None);
}

#[test]
fn what_became_of_installing_is_told_apart() {
    let server = Server { program: "no-such-server", ..FAKE };
    let state = |install| {
        let machine = Machine { install: Some(install), ..bare_machine() };
        bring_up(&server, &machine, &Interrupt::default()).row.state
    };
    let unavailable = State::Unavailable { reason: "no package `fake-server`".to_owned() };
    assert_eq!(state(|_, _| Err(NotInstalled::NoSuchPackage)), unavailable);
    let failed = State::Skipped { reason: "cannot install `fake-server`: no network".to_owned() };
    assert_eq!(state(|_, _| Err(NotInstalled::Failed("no network".to_owned()))), failed);
    let empty = State::Skipped { reason: "the package `fake-server` brought no program `no-such-server`".to_owned() };
    assert_eq!(state(|_, _| Ok(())), empty);
}

#[test]
fn a_server_that_does_not_answer_is_ended_at_its_limit() {
    let server = Server {
        command: |site| script(site, "echo waiting for a disk; exec sleep 600"),
        limit: Duration::from_millis(400),
        ..FAKE
    };
    let outcome = bring_up_bare(&server);
    assert_eq!(reason(&outcome), "it did not answer within 0.4 s: waiting for a disk");
    assert!(outcome.up.is_none());
}

#[test]
fn the_limit_covers_preparing_as_well() {
    let server =
        Server { prepare: |site| vec![script(site, "exec sleep 600")], limit: Duration::from_millis(200), ..FAKE };
    assert!(reason(&bring_up_bare(&server)).starts_with("`/bin/sh` took longer than 0."));
}

#[test]
fn a_server_that_ends_at_once_says_its_last_words() {
    let server = Server { command: |site| script(site, "echo port is taken >&2; exit 7"), ..FAKE };
    assert_eq!(reason(&bring_up_bare(&server)), "it ended at once with exit status: 7: port is taken");
}

#[test]
fn an_interrupt_stops_waiting() {
    let interrupt = Interrupt::default();
    interrupt.raise();
    let server = Server { prepare: |_| Vec::new(), command: |site| script(site, "exec sleep 600"), ..FAKE };
    assert_eq!(reason(&bring_up(&server, &bare_machine(), &interrupt)), "interrupted");
}
