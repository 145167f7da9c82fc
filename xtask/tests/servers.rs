//! Bringing up servers, with fakes: small scripts which `sh` runs.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, test_kill_process};
use xtask::interrupt::Interrupt;
use xtask::machine::{Install, Machine, NotInstalled, Package};
use xtask::server::{Outcome, Server, Signal, Site, State, bring_up, programs};

/// A server that answers by making the file `ready`, and then sleeps.
const FAKE: Server = Server {
    name: "fake",
    variable: "EVENT_TEST_FAKE_URL",
    folder_variable: Some("EVENT_TEST_FAKE_BIN"),
    behind: None,
    program: "sh",
    version: None,
    places: || vec!["/bin".into()],
    packages: &[Package::Debian("fake-server")],
    refuses_root: false,
    prepare: |site| Ok(vec![script(site, "echo data > data")]),
    command: |site| script(site, "cat data; echo started; touch ready; exec sleep 600"),
    ready: |site| site.folder.join("ready").exists(),
    ending: Signal::TERM,
    url: |site| site.folder.display().to_string(),
    limit: Duration::from_secs(20),
};

fn script(site: &Site, text: &str) -> Command {
    let mut command = Command::new(&site.program);
    command.args(["-c", text]).current_dir(&site.folder);
    command
}

fn bare_machine() -> Machine {
    Machine { variables: [("PATH".into(), "/nowhere".into())].into(), debian: None, npm: None, release: None }
}

fn bring_up_bare(server: &Server) -> Outcome {
    bring_up(server, &bare_machine(), &[], &Interrupt::default())
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
    let [(url, folder), (programs, bin)] = &outcome.variables[..] else { panic!("{:?}", outcome.variables) };
    assert_eq!((*url, *programs), ("EVENT_TEST_FAKE_URL", "EVENT_TEST_FAKE_BIN"));
    let program = fs::canonicalize("/bin/sh").unwrap();
    assert_eq!(program.parent().unwrap(), Path::new(bin), "where the program is, and not a link to it");
    PathBuf::from(folder)
}

#[test]
fn an_address_from_the_environment_is_taken_as_it_is() {
    let mut machine = bare_machine();
    machine.variables.insert("EVENT_TEST_FAKE_URL".into(), "fake://elsewhere".into());
    let outcome = bring_up(&FAKE, &machine, &[], &Interrupt::default());
    assert_eq!(outcome.variables, [("EVENT_TEST_FAKE_URL", "fake://elsewhere".to_owned())]);
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
    let server = Server { program: "no-such-server", packages: &[], ..FAKE };
    let outcome = bring_up_bare(&server);
    assert!(matches!(outcome.row.state, State::Unavailable { .. }), "{:?}", outcome.row);
    assert_eq!(outcome.variables, []);
}

/// What becomes of a server that only packages have.
fn installed(packages: &'static [Package], debian: Option<Install>, npm: Option<Install>) -> State {
    let server = Server { program: "no-such-server", packages, ..FAKE };
    bring_up(&server, &Machine { debian, npm, ..bare_machine() }, &[], &Interrupt::default()).row.state
}

#[test]
fn what_became_of_installing_is_told_apart() {
    let state = |install| installed(FAKE.packages, Some(install), None);
    let unavailable = State::Unavailable { reason: "no package `fake-server`".to_owned() };
    assert_eq!(state(|_, _| Err(NotInstalled::NoSuchPackage)), unavailable);
    let failed = State::Skipped { reason: "cannot install `fake-server`: no network".to_owned() };
    assert_eq!(state(|_, _| Err(NotInstalled::Failed("no network".to_owned()))), failed);
    let empty = State::Skipped { reason: "the package `fake-server` brought no program `no-such-server`".to_owned() };
    assert_eq!(state(|_, _| Ok(())), empty);
}

#[test]
fn the_next_package_is_tried_and_what_could_help_is_told() {
    const BOTH: &[Package] =
        &[Package::Debian("fake-server"), Package::Npm { package: "@fake/server@1.0.0", programs: "bin" }];
    let (absent, empty): (Install, Install) = (|_, _| Err(NotInstalled::NoSuchPackage), |_, _| Ok(()));
    let second =
        State::Skipped { reason: "the package `@fake/server@1.0.0` brought no program `no-such-server`".to_owned() };
    assert_eq!(installed(BOTH, Some(absent), Some(empty)), second);
    let first = State::Skipped { reason: "the package `fake-server` brought no program `no-such-server`".to_owned() };
    assert_eq!(installed(BOTH, Some(empty), Some(absent)), first);
}

#[test]
fn a_program_of_another_version_is_passed_over() {
    let server = Server { version: Some("99999"), ..FAKE };
    let expected = "no program `sh` of version 99999; install the package `fake-server`, or set EVENT_TEST_FAKE_URL";
    assert_eq!(reason(&bring_up_bare(&server)), expected);
}

#[test]
fn a_server_knows_the_one_behind_it_and_is_skipped_without() {
    let server =
        Server { behind: Some("EVENT_TEST_BACK_URL"), url: |site| site.behind.clone().unwrap_or_default(), ..FAKE };
    assert_eq!(reason(&bring_up_bare(&server)), "the server behind it, EVENT_TEST_BACK_URL, is not there");
    let earlier = [("EVENT_TEST_BACK_URL", "back://there".to_owned())];
    let outcome = bring_up(&server, &bare_machine(), &earlier, &Interrupt::default());
    assert_eq!(outcome.variables.first(), Some(&("EVENT_TEST_FAKE_URL", "back://there".to_owned())));
}

#[test]
fn a_server_that_refuses_root_never_is_root() {
    let server = Server { refuses_root: true, prepare: |site| Ok(vec![script(site, "id -u > data")]), ..FAKE };
    let folder_and_server = bring_up_bare(&server);
    let log = fs::read_to_string(folder_of(&folder_and_server).join("log")).unwrap();
    assert_ne!(log.lines().next(), Some("0"));
    assert!(log.ends_with("started\n"), "{log}");
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
        Server { prepare: |site| Ok(vec![script(site, "exec sleep 600")]), limit: Duration::from_millis(200), ..FAKE };
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
    let server = Server { prepare: |_| Ok(Vec::new()), command: |site| script(site, "exec sleep 600"), ..FAKE };
    assert_eq!(reason(&bring_up(&server, &bare_machine(), &[], &interrupt)), "interrupted");
}

#[test]
fn programs_are_found_for_who_starts_a_server_of_its_own() {
    let folder = programs(&FAKE, &bare_machine(), &Interrupt::default()).unwrap();
    assert_eq!(folder, Path::new("/bin/sh").canonicalize().unwrap().with_file_name(""));
    let absent = Server { program: "no-such-program", packages: &[], ..FAKE };
    let reason = programs(&absent, &bare_machine(), &Interrupt::default()).unwrap_err();
    assert_eq!(reason, "this platform has no package of it");
}
