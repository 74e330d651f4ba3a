//! `recovery`: what becomes of each task, and what the workers have logged.

use std::fs;
use std::path::Path;

use process::Ended;
use program::{assert_output_matters, assert_usage, end};
use tempfile::TempDir;

#[path = "support/process.rs"]
mod process;
#[path = "support/program.rs"]
mod program;

const RECOVERY: &str = env!("CARGO_BIN_EXE_recovery");
/// Tasks that do not wait are not to be out of time, on a machine that is busy too.
const TIMEOUT: &str = "--timeout=300";
const TOLD: [&str; 6] = [
    "task 1 (normal): done, the result is 84",
    "task 2 (error): refused by its worker: -1 is negative",
    "task 3 (crash): lost with its worker, which was replaced: panicked: a planned crash",
    "task 4 (normal): done, the result is 200",
    "task 5 (timeout): out of time after 300ms",
    "task 5 (timeout), with 10s: done, the result is 14",
];

fn recover(logs: &Path, arguments: &[&str]) -> Ended {
    let logs = format!("--logs={}", logs.display());
    end(RECOVERY, &[arguments, &[&logs]].concat())
}

/// The same, to a good end; its stdout.
#[track_caller]
fn recovered(logs: &Path, arguments: &[&str]) -> String {
    let ended = recover(logs, arguments);
    let quiet_and_well = (ended.code, ended.stderr.as_str()) == (Some(0), "");
    assert!(quiet_and_well, "{arguments:?}: {ended:?}");
    ended.stdout
}

/// The files, each with its lines, which begin with the level and the life.
fn logged(logs: &Path) -> Vec<(String, Vec<String>)> {
    let entries = fs::read_dir(logs).unwrap().map(Result::unwrap);
    let mut files: Vec<_> = entries
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).unwrap();
            assert!(text.ends_with('\n'), "{text}");
            let lines = text.lines().map(|line| without_time(line).to_owned());
            (entry.file_name().into_string().unwrap(), lines.collect())
        })
        .collect();
    files.sort();
    files
}

fn without_time(line: &str) -> &str {
    let (time, rest) = line.split_once("Z ").unwrap();
    let date = time.split(['-', 'T', ':', '.']).map(str::parse::<u32>);
    assert_eq!(date.filter(Result::is_ok).count(), 7, "{line}");
    rest
}

/// The cells of the table that says where the logs are.
fn log_table<'a>(told: &'a str, logs: &Path) -> Vec<(&'a str, u64)> {
    let rows = told
        .lines()
        .filter(|line| line.starts_with(logs.to_str().unwrap()));
    rows.map(|row| {
        let (path, lives) = row.rsplit_once(' ').unwrap();
        let name = path.trim_end().rsplit_once('/').unwrap().1;
        (name, lives.parse().unwrap())
    })
    .collect()
}

#[test]
fn every_task_comes_to_an_end_and_is_told_in_its_order() {
    for workers in [1, 2, 8] {
        let logs = TempDir::new().unwrap();
        let told = recovered(logs.path(), &[TIMEOUT, &format!("--workers={workers}")]);
        let lines: Vec<_> = told.lines().take_while(|line| !line.is_empty()).collect();
        assert_eq!(lines, TOLD);
        let expected = [
            ("workers", workers),
            ("busy", 0),
            ("queued", 0),
            ("failed", 1),
            ("retried", 0),
            ("cancelled", 0),
            ("timed out", 1),
        ];
        for (name, value) in expected {
            let row = format!("\n{name:<11} {value:>10}\n");
            assert!(told.contains(&row), "{name}: {told}");
        }

        let table = log_table(&told, logs.path());
        let lives: u64 = table.iter().map(|(_, lives)| lives).sum();
        assert_eq!(lives, workers + 1, "{told}");
        let files = logged(logs.path());
        let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
        let of_table: Vec<_> = table.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, of_table);
        assert_eq!(names.len() as u64, workers);
        for ((name, lines), (_, lives)) in files.iter().zip(table) {
            assert!(name.starts_with("worker-"), "{name}");
            let ready = lines.iter().filter(|line| line.ends_with(": ready"));
            assert_eq!(ready.count() as u64, lives, "{name}: {lines:#?}");
            let last = lines.last().unwrap();
            assert!(last.contains(&format!(" life={lives} ")), "{last}");
        }
    }
}

#[test]
fn a_worker_logs_what_it_does_over_its_lives_and_over_runs() {
    const ONCE: [&str; 14] = [
        " INFO life=1 worker: ready",
        " INFO life=1 worker: begins task=1 kind=normal value=42",
        " INFO life=1 worker: done task=1 result=84",
        " INFO life=1 worker: begins task=2 kind=error value=-1",
        " WARN life=1 worker: not done task=2 why=-1 is negative",
        " INFO life=1 worker: begins task=3 kind=crash value=13",
        "ERROR life=1 worker: will crash task=3",
        "ERROR life=1 library: failed actor=worker-0#2 life=1 reason=panicked: a planned crash",
        " INFO life=2 worker: ready",
        " INFO life=2 worker: begins task=4 kind=normal value=100",
        " INFO life=2 worker: done task=4 result=200",
        " INFO life=2 worker: begins task=5 kind=timeout value=7",
        " WARN life=2 worker: not done task=5 why=it was cut, because its time was over",
        " INFO life=2 worker: begins task=5 kind=timeout value=7",
    ];
    let logs = TempDir::new().unwrap();
    let mut expected = Vec::new();
    for _ in 0..2 {
        recovered(logs.path(), &[TIMEOUT, "--workers=1"]);
        expected.extend(ONCE);
        expected.push(" INFO life=2 worker: done task=5 result=14");
        let files = logged(logs.path());
        let [(name, lines)] = &files[..] else {
            panic!("{files:?}");
        };
        assert_eq!(name, "worker-0-2.log");
        let lines = lines.iter().map(|line| {
            line.replace("actor_examples::recovery::worker", "worker")
                .replace("actor_core::ending", "library")
        });
        assert_eq!(lines.collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_second_try_that_has_too_little_time_is_an_error() {
    let logs = TempDir::new().unwrap();
    let ended = recover(logs.path(), &[TIMEOUT, "--longer=350"]);
    let lines: Vec<_> = ended.stdout.lines().take(6).collect();
    assert_eq!(lines[..5], TOLD[..5]);
    assert_eq!(
        lines[5],
        "task 5 (timeout), with 350ms: out of time after 350ms"
    );
    assert!(
        ended.stdout.contains("\ntimed out            2\n"),
        "{ended:?}"
    );
    let told = "recovery: 1 of 5 tasks did not end as planned\n";
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), told));
}

#[test]
fn where_no_log_can_be_written_it_goes_to_stderr_and_the_tasks_go_on() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let ended = recover(&file, &[TIMEOUT, "--workers=1"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stdout.lines().take(6).collect::<Vec<_>>(), TOLD);
    // Once for each of the worker's lives.
    let refused = ended.stderr.matches(": cannot be written to \"").count();
    assert_eq!(refused, 2, "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 15 + 2, "{ended:?}");
    for line in ended.stderr.lines() {
        assert!(line.starts_with("worker-0-2.log: "), "{line}");
    }
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_usage_error() {
    let senseless = [
        "--workers=0",
        "--workers=-1",
        "--workers=65",
        "--workers=two",
        "--timeout=0",
        "--timeout=-5",
        "--timeout=600001",
        "--timeout=soon",
        "--longer=0",
        "--longer=99999999999999999999",
        "--stray",
    ];
    let options = ["--workers", "--timeout", "--longer", "--logs"];
    assert_usage(RECOVERY, &options, &senseless);
    let ended = end(RECOVERY, &["--timeout=300", "--longer=300"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    let told = "error: '--longer 300' is no longer than '--timeout 300': ";
    assert!(ended.stderr.starts_with(told), "{ended:?}");
}

#[test]
fn output_that_cannot_be_written_is_noticed() {
    let logs = TempDir::new().unwrap();
    let logs = format!("--logs={}", logs.path().display());
    assert_output_matters(RECOVERY, &[TIMEOUT, &logs]);
}
