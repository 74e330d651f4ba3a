//! Log files: whose they are, what is in them, and what happens when they cannot be written.
//!
//! A subscriber is a whole process's, so each test runs in one of its own.

use std::fmt;
use std::fs;
use std::path::Path;
use std::time::Duration;

use actor_core::ActorLogs;
use actor_core::prelude::*;
use actor_tests::process::{alone, errors_alone, file_descriptors};
use actor_tests::{LONG, quiet_panics};
use tempfile::TempDir;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry;

/// Logs what it is told to.
struct Talker;

#[actor]
impl Talker {
    fn say(&self, what: String) {
        tracing::info!("{what}");
    }
    fn warn(&self, what: String) {
        tracing::warn!("{what}");
    }
    fn say_deep_down(&self, what: String) {
        let outer = tracing::info_span!("outer", n = 1);
        let _outer = outer.enter();
        tracing::info_span!("inner").in_scope(|| tracing::info!("{what}"));
    }
    fn say_from_nowhere(&self, what: String) {
        tracing::info!(parent: None, "{what}");
    }
    #[expect(clippy::disallowed_methods, reason = "a thread that is no actor's")]
    fn say_from_a_thread(&self, what: String) {
        let span = tracing::Span::current();
        let said = std::thread::spawn(move || span.in_scope(|| tracing::info!("{what}")));
        said.join().unwrap();
    }
    fn say_with_fields(&self) {
        let text = "two words";
        tracing::error!(n = -1, text, shown = %text, r#type = ?Some(0.5), "there are {}", 4);
        tracing::debug!(n = 1);
        let error = &std::io::Error::other(std::fmt::Error) as &dyn std::error::Error;
        tracing::error!(error);
    }
    fn say_what_cannot_be_printed(&self) {
        tracing::info!(a = 1, b = %Panics, c = %Fails, d = 2, "fields");
        tracing::info!("message {}", Panics);
        tracing::info!(a = %Logs, "logs meanwhile");
        tracing::info!("after that");
    }
    fn panic(&self) {
        panic!("a planned panic")
    }
    fn hang(&self, until: MessagePort<(), ()>) {
        tracing::info!("hangs");
        until.post(()).unwrap();
        while until.recv().is_ok() {}
        tracing::info!("comes back");
        until.close();
    }
}

impl Actor for Talker {
    type Args = ();
    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Talker)
    }
}

struct Panics;

impl fmt::Display for Panics {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("it\nrefuses")
    }
}

struct Fails;

impl fmt::Display for Fails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half of it, ")?;
        Err(fmt::Error)
    }
}

/// Logs itself each time it is printed.
struct Logs;

impl fmt::Display for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tracing::info!(again = %Logs, "printed");
        f.write_str("printed")
    }
}

fn system() -> System {
    quiet_panics();
    System::new("test").unwrap()
}

fn talker(system: &System, name: &str) -> TalkerHandle {
    system.spec::<Talker>(()).name(name).spawn().unwrap()
}

fn directory() -> TempDir {
    TempDir::new().unwrap()
}

/// The lines of a file without their times, which are looked at.
fn lines(directory: &TempDir, name: &str) -> Vec<String> {
    let path = directory.path().join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    assert!(text.ends_with('\n'), "{text:?}");
    text.lines()
        .map(|line| without_time(line).to_owned())
        .collect()
}

/// `2026-11-30T20:14:51.123456Z`, UTC as RFC 3339 has it.
fn without_time(line: &str) -> &str {
    let (time, rest) = line.split_once(' ').unwrap();
    let shape: String = time
        .chars()
        .map(|letter| if letter.is_ascii_digit() { '0' } else { letter })
        .collect();
    assert_eq!(shape, "0000-00-00T00:00:00.000000Z", "{line}");
    rest
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn each_actor_has_a_file_and_what_is_no_actors_has_another() {
    if !alone("each_actor_has_a_file_and_what_is_no_actors_has_another") {
        return;
    }
    let directory = directory();
    let logs = ActorLogs::new(directory.path().join("deep/down"));
    let only_actors = ActorLogs::new(directory.path().join("actors")).actors_only();
    registry().with(logs).with(only_actors).init();
    let system = system();
    let (ada, bob) = (talker(&system, "ada"), talker(&system, "bob"));
    ada.say("one".into()).ask().unwrap();
    bob.say("two".into()).ask().unwrap();
    ada.say("three".into()).ask().unwrap();
    tracing::warn!(n = 1, "outside");
    system.shutdown().unwrap();
    for (folder, extra) in [("deep/down", 1), ("actors", 0)] {
        let here = names(&directory.path().join(folder));
        assert_eq!(here[..2], ["ada-1.log", "bob-2.log"]);
        assert_eq!(here.len(), 2 + extra, "{here:?}");
        let ada = lines(&directory, &format!("{folder}/ada-1.log"));
        assert_eq!(
            ada,
            [
                "DEBUG life=1 actor_core::runner: started actor=ada#1 life=1",
                " INFO life=1 logs: one",
                " INFO life=1 logs: three",
                "DEBUG life=1 actor_core::ending: exited actor=ada#1 life=1 reason=shutdown",
            ]
        );
        let bob = lines(&directory, &format!("{folder}/bob-2.log"));
        assert_eq!(bob[1], " INFO life=1 logs: two");
        assert_eq!(bob.len(), 3);
    }
    assert_eq!(
        lines(&directory, "deep/down/outside-actors.log"),
        [" WARN logs: outside n=1"]
    );
}

#[test]
fn fields_follow_the_message() {
    if !alone("fields_follow_the_message") {
        return;
    }
    let directory = directory();
    registry().with(ActorLogs::new(directory.path())).init();
    let system = system();
    let ada = talker(&system, "ada");
    ada.say_with_fields().ask().unwrap();
    ada.say("\r\n2026-11-30T20:14:51.123456Z ERROR life=1 forged: line\u{1b}[2J\u{85}ü".into())
        .ask()
        .unwrap();
    assert_eq!(
        lines(&directory, "ada-1.log")[1..],
        [
            r#"ERROR life=1 logs: there are 4 n=-1 text="two words" shown=two words type=Some(0.5)"#,
            "DEBUG life=1 logs: n=1",
            "ERROR life=1 logs: error=an error occurred when formatting an argument",
            r" INFO life=1 logs: \r\n2026-11-30T20:14:51.123456Z ERROR life=1 forged: line\u{1b}[2J\u{85}ü",
        ]
    );
}

#[test]
fn what_cannot_be_printed_is_said_and_costs_nothing_else() {
    if !alone("what_cannot_be_printed_is_said_and_costs_nothing_else") {
        return;
    }
    let directory = directory();
    registry().with(ActorLogs::new(directory.path())).init();
    let system = system();
    let ada = talker(&system, "ada");
    ada.say_what_cannot_be_printed().ask().unwrap();
    let lines = lines(&directory, "ada-1.log");
    let [_, fields, message, nested, after] = &lines[..] else {
        panic!("{lines:?}");
    };
    let (start, end) = fields.split_once(r"it\nrefuses (").unwrap();
    assert_eq!(
        start,
        " INFO life=1 logs: fields a=1 b=<cannot be printed: "
    );
    let failed = ")> c=<cannot be printed: its formatting failed> d=2";
    assert!(end.ends_with(failed), "{fields}");
    let expected = r" INFO life=1 logs: <cannot be printed: it\nrefuses (";
    assert!(message.starts_with(expected), "{message}");
    assert_eq!(nested, " INFO life=1 logs: logs meanwhile a=printed");
    assert_eq!(after, " INFO life=1 logs: after that");
}

#[test]
fn the_next_life_goes_on_in_the_same_file() {
    if !alone("the_next_life_goes_on_in_the_same_file") {
        return;
    }
    let directory = directory();
    fs::write(
        directory.path().join("ada-1.log"),
        "2026-11-30T20:14:51.123456Z  INFO life=7 logs: an earlier run\n",
    )
    .unwrap();
    let logs = ActorLogs::new(directory.path()).with_filter(LevelFilter::INFO);
    registry().with(logs).init();
    let system = system();
    let mut spec = system.spec::<Talker>(()).name("ada");
    let ada = spec.handle();
    let plan = Supervisor::one_for_one().child(spec);
    system.spawn::<Supervisor>(plan).unwrap();
    ada.say("one".into()).ask().unwrap();
    assert!(ada.panic().ask().is_err());
    ada.say("two".into()).ask().unwrap();
    let lines = lines(&directory, "ada-1.log");
    assert_eq!(lines[0], " INFO life=7 logs: an earlier run");
    assert_eq!(lines[1], " INFO life=1 logs: one");
    let failed = "ERROR life=1 actor_core::ending: failed actor=ada#1 life=1 reason=panicked: a planned panic";
    assert!(lines[2].starts_with(failed), "{}", lines[2]);
    assert_eq!(lines[3..], [" INFO life=2 logs: two"]);
    // The supervisor tells of the restart.
    let supervisor = &crate::lines(&directory, "Supervisor-2.log")[0];
    let restarts = " INFO life=1 actor_core::supervisor::exits: restarts supervisor=Supervisor#2";
    assert!(supervisor.starts_with(restarts), "{supervisor}");
}

#[test]
fn spans_inside_and_threads_that_enter_them_are_the_actors() {
    if !alone("spans_inside_and_threads_that_enter_them_are_the_actors") {
        return;
    }
    let directory = directory();
    let logs = ActorLogs::new(directory.path()).with_filter(LevelFilter::INFO);
    registry().with(logs).init();
    let system = system();
    let ada = talker(&system, "ada");
    ada.say_deep_down("deep down".into()).ask().unwrap();
    ada.say_from_nowhere("from nowhere".into()).ask().unwrap();
    ada.say_from_a_thread("from a thread".into()).ask().unwrap();
    let expected = ["deep down", "from nowhere", "from a thread"];
    let expected = expected.map(|what| format!(" INFO life=1 logs: {what}"));
    assert_eq!(lines(&directory, "ada-1.log"), expected);
    assert_eq!(names(directory.path()), ["ada-1.log"]);
}

#[test]
fn a_filter_that_hides_the_span_hides_no_events() {
    if !alone("a_filter_that_hides_the_span_hides_no_events") {
        return;
    }
    let directory = directory();
    let warnings = ActorLogs::new(directory.path().join("warnings"));
    let mine = ActorLogs::new(directory.path().join("mine"));
    let only_mine = Targets::new().with_target("logs", LevelFilter::INFO);
    registry()
        .with(warnings.with_filter(LevelFilter::WARN))
        .with(mine.with_filter(only_mine))
        .init();
    let system = system();
    for name in ["ada", "bob"] {
        let talker = talker(&system, name);
        talker.say("said".into()).ask().unwrap();
        talker.warn("warned".into()).ask().unwrap();
    }
    tracing::info!("outside");
    for file in ["ada-1.log", "bob-2.log"] {
        let warnings = lines(&directory, &format!("warnings/{file}"));
        assert_eq!(warnings, [" WARN life=1 logs: warned"]);
        let mine = lines(&directory, &format!("mine/{file}"));
        assert_eq!(
            mine,
            [" INFO life=1 logs: said", " WARN life=1 logs: warned"]
        );
    }
    assert_eq!(names(&directory.path().join("warnings")).len(), 2);
    assert_eq!(names(&directory.path().join("mine")).len(), 3);
}

#[test]
fn odd_names_become_names_of_files() {
    if !alone("odd_names_become_names_of_files") {
        return;
    }
    let directory = directory();
    let logs = ActorLogs::new(directory.path().join("logs"));
    registry().with(logs.with_filter(LevelFilter::INFO)).init();
    let system = system();
    let long = "long".repeat(1000);
    let odd = [
        "../../up", "/", "..", "a\nb", "NUL.txt", "Same", "same", &long,
    ];
    for name in odd {
        talker(&system, name).say(name.into()).ask().unwrap();
    }
    let mut expected = [
        "______up-1.log",
        "_-2.log",
        "__-3.log",
        "a_b-4.log",
        "NUL_txt-5.log",
        "Same-6.log",
        "same-7.log",
        &format!("{}-8.log", &long[..100]),
    ];
    expected.sort();
    assert_eq!(names(&directory.path().join("logs")), expected);
    assert_eq!(names(directory.path()), ["logs"]);
    let lines = lines(&directory, "logs/a_b-4.log");
    assert_eq!(lines, [r" INFO life=1 logs: a\nb"]);
}

#[test]
fn two_systems_share_the_file_of_actors_that_are_called_the_same() {
    if !alone("two_systems_share_the_file_of_actors_that_are_called_the_same") {
        return;
    }
    let directory = directory();
    let logs = ActorLogs::new(directory.path()).with_filter(LevelFilter::INFO);
    registry().with(logs).init();
    let systems = [system(), system()];
    let ada = systems.each_ref().map(|system| talker(system, "ada"));
    let sent: Vec<_> = (0..200)
        .map(|n| ada[n % 2].say(format!("{n:0>200}")).send().unwrap())
        .collect();
    sent.into_iter().for_each(|sent| sent.wait().unwrap());
    let mut said = lines(&directory, "ada-1.log");
    said.sort();
    let expected: Vec<_> = (0..200)
        .map(|n| format!(" INFO life=1 logs: {n:0>200}"))
        .collect();
    assert_eq!(said, expected);
    assert_eq!(names(directory.path()), ["ada-1.log"]);
}

#[test]
fn a_life_that_was_left_behind_and_the_next_one_write_to_one_file() {
    if !alone("a_life_that_was_left_behind_and_the_next_one_write_to_one_file") {
        return;
    }
    let directory = directory();
    let logs = ActorLogs::new(directory.path()).with_filter(LevelFilter::INFO);
    registry().with(logs).init();
    let system = system();
    let mut spec = system.spec::<Talker>(()).name("ada");
    let ada = spec.handle();
    let plan = Supervisor::one_for_one().child(spec);
    system.spawn::<Supervisor>(plan).unwrap();
    let MessageChannel { port1, port2 } = MessageChannel::new();
    ada.hang(port2).tell().unwrap();
    port1.recv().unwrap();
    ada.terminate(Duration::ZERO);
    ada.say("goes on".into()).ask().unwrap();
    // It comes back when this end says so, and closes the other.
    port1.close();
    let came_back = || lines(&directory, "ada-1.log").len() == 3;
    while !came_back() {
        assert!(ada.join_timeout(Duration::from_millis(1)).is_none());
    }
    assert_eq!(
        lines(&directory, "ada-1.log"),
        [
            " INFO life=1 logs: hangs",
            " INFO life=2 logs: goes on",
            " INFO life=1 logs: comes back",
        ]
    );
}

#[test]
fn where_there_is_no_directory_the_lines_go_to_stderr() {
    let test = "where_there_is_no_directory_the_lines_go_to_stderr";
    let Some(errors) = errors_alone(test) else {
        let directory = directory();
        let file = directory.path().join("file");
        fs::write(&file, "no directory").unwrap();
        let logs = ActorLogs::new(file.join("logs")).with_filter(LevelFilter::INFO);
        registry().with(logs).init();
        let system = system();
        let ada = talker(&system, "ada");
        ada.say("one".into()).ask().unwrap();
        ada.say("two".into()).ask().unwrap();
        talker(&system, "bob").warn("three".into()).ask().unwrap();
        tracing::info!("outside");
        system.shutdown().unwrap();
        assert_eq!(fs::read_to_string(file).unwrap(), "no directory");
        return;
    };
    let errors: Vec<_> = errors.lines().collect();
    let told = |line: &str, name: &str, text: &str| {
        let line = line.strip_prefix(name).unwrap_or_else(|| panic!("{line}"));
        assert_eq!(without_time(line.strip_prefix(": ").unwrap()), text);
    };
    let refused = |line: &str, name: &str| {
        let start = format!("{name}: cannot be written to \"");
        assert!(line.starts_with(&start), "{line}");
        let end = format!(
            "/file/logs/{name}\": Not a directory (os error 20); what this life logs follows here"
        );
        assert!(line.ends_with(&end), "{line}");
    };
    assert_eq!(errors.len(), 7, "{errors:#?}");
    refused(errors[0], "ada-1.log");
    told(errors[1], "ada-1.log", " INFO life=1 logs: one");
    told(errors[2], "ada-1.log", " INFO life=1 logs: two");
    refused(errors[3], "bob-2.log");
    told(errors[4], "bob-2.log", " WARN life=1 logs: three");
    refused(errors[5], "outside-actors.log");
    told(errors[6], "outside-actors.log", " INFO logs: outside");
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full_is_tried_again_by_the_next_life() {
    let test = "a_disk_that_is_full_is_tried_again_by_the_next_life";
    let Some(errors) = errors_alone(test) else {
        let directory = directory();
        let path = directory.path().join("ada-1.log");
        std::os::unix::fs::symlink("/dev/full", &path).unwrap();
        let logs = ActorLogs::new(directory.path()).with_filter(LevelFilter::WARN);
        registry().with(logs).init();
        let system = system();
        let mut spec = system.spec::<Talker>(()).name("ada");
        let ada = spec.handle();
        let plan = Supervisor::one_for_one().child(spec);
        system.spawn::<Supervisor>(plan).unwrap();
        ada.warn("one".into()).ask().unwrap();
        fs::remove_file(&path).unwrap();
        ada.warn("two".into()).ask().unwrap();
        assert!(ada.panic().ask().is_err());
        ada.warn("three".into()).ask().unwrap();
        assert_eq!(lines(&directory, "ada-1.log"), [" WARN life=2 logs: three"]);
        return;
    };
    let errors: Vec<_> = errors.lines().collect();
    assert_eq!(errors.len(), 4, "{errors:#?}");
    assert!(errors[0].contains("No space left on device"), "{errors:#?}");
    assert!(errors[1].ends_with(" WARN life=1 logs: one"), "{errors:#?}");
    assert!(errors[2].ends_with(" WARN life=1 logs: two"), "{errors:#?}");
    assert!(errors[3].contains("reason=panicked"), "{errors:#?}");
}

#[test]
#[cfg(target_os = "linux")]
fn actors_that_have_ended_keep_no_file_open() {
    if !alone("actors_that_have_ended_keep_no_file_open") {
        return;
    }
    let directory = directory();
    let logs = ActorLogs::new(directory.path().join("spans"));
    let hidden = ActorLogs::new(directory.path().join("threads"));
    let only_mine = Targets::new().with_target("logs", LevelFilter::INFO);
    let hidden = hidden.with_filter(only_mine);
    registry().with(logs).with(hidden).init();
    let system = system();
    let before = file_descriptors();
    for n in 0..1000 {
        let talker = talker(&system, "many");
        talker.say(n.to_string()).ask().unwrap();
        talker.stop();
        assert!(talker.join_timeout(LONG).is_some());
    }
    assert_eq!(file_descriptors(), before);
    for folder in ["spans", "threads"] {
        assert_eq!(names(&directory.path().join(folder)).len(), 1000);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn of_many_that_live_only_some_files_stay_open() {
    if !alone("of_many_that_live_only_some_files_stay_open") {
        return;
    }
    let directory = directory();
    let logs = ActorLogs::new(directory.path()).keep_open(10);
    registry().with(logs.with_filter(LevelFilter::INFO)).init();
    let system = system();
    let before = file_descriptors();
    let talkers: Vec<_> = (0..100).map(|_| talker(&system, "many")).collect();
    for round in 0..3 {
        for talker in &talkers {
            talker.say(round.to_string()).ask().unwrap();
        }
    }
    assert_eq!(file_descriptors(), before + 10);
    // Where some have ended there is room again.
    for talker in &talkers[..20] {
        talker.stop();
        talker.join();
    }
    assert_eq!(file_descriptors(), before);
    for talker in &talkers[20..] {
        talker.say("3".into()).ask().unwrap();
    }
    assert_eq!(file_descriptors(), before + 10);
    for (n, talker) in talkers.iter().enumerate() {
        let lines = lines(&directory, &format!("many-{}.log", talker.id().get()));
        let rounds = if n < 20 { 3 } else { 4 };
        let expected: Vec<_> = (0..rounds)
            .map(|round| format!(" INFO life=1 logs: {round}"))
            .collect();
        assert_eq!(lines, expected);
    }
}
