//! The `supervised-pipeline` program as its users meet it.

#[path = "support/json.rs"]
mod json;
#[path = "support/process.rs"]
mod process;

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use actor_examples::word_count::{Text, WordCounts, shipped_text};
use process::{Ended, Run, command};

fn pipeline(arguments: &[&str]) -> Command {
    command(env!("CARGO_BIN_EXE_supervised-pipeline"), arguments)
}

#[track_caller]
fn end(arguments: &[&str]) -> Ended {
    Run::start(&mut pipeline(arguments)).end()
}

/// What a run that went well says of itself.
#[track_caller]
fn report(arguments: &[&str]) -> Value {
    let ended = end(&[arguments, &["--json"]].concat());
    let quiet_and_well = (ended.code, ended.stderr.as_str()) == (Some(0), "");
    assert!(quiet_and_well, "{arguments:?}: {ended:?}");
    match &ended.json()[..] {
        [report] => report.clone(),
        reports => panic!("{arguments:?}: {} JSON objects", reports.len()),
    }
}

/// Whatever was counted, it was so exactly once, and the totals are those of one thread.
#[track_caller]
fn assert_exactly_once(report: &Value, text: &Text) {
    let alone = WordCounts::of(text);
    let right = [
        ("exactly_once", true.into()),
        ("totals_equal", true.into()),
        ("lines_in", text.len().into()),
        ("lines_counted", text.len().into()),
        ("lost", Value::Array(Vec::new())),
        ("twice", Value::Array(Vec::new())),
        ("words_counted", alone.total().into()),
        ("different_words", alone.different().into()),
    ];
    for (what, expected) in right {
        assert_eq!(report[what], expected, "{what} of {report}");
    }
}

/// The sum over the stages.
fn total(report: &Value, what: &str) -> u64 {
    let stages = report["stages"].as_array().unwrap();
    let of_stage = |stage: &Value| stage[what].as_u64().unwrap();
    stages.iter().map(of_stage).sum()
}

/// A file with the first lines of the shipped text.
struct Excerpt {
    dir: TempDir,
    text: Text,
}

impl Excerpt {
    fn new(lines: usize) -> Excerpt {
        let whole = fs::read_to_string(shipped_text()).unwrap();
        let excerpt: String = whole.split_inclusive('\n').take(lines).collect();
        let dir = TempDir::new().unwrap();
        fs::write(dir.path().join("excerpt.txt"), &excerpt).unwrap();
        Excerpt {
            dir,
            text: excerpt.as_str().into(),
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("excerpt.txt")
    }

    /// The report of a run on it.
    #[track_caller]
    fn report(&self, arguments: &[&str]) -> Value {
        report(&[&[self.path().to_str().unwrap()], arguments].concat())
    }
}

#[test]
fn without_crashes_nobody_has_a_second_life() {
    let report = report(&[]);
    assert_exactly_once(&report, &Text::read(&shipped_text()).unwrap());
    let counts = [total(&report, "crashes"), total(&report, "restarts")];
    assert_eq!(counts, [0, 0]);
    assert_eq!(report["supervisor_restarts"], 0);
    assert_eq!(report["turned_away"], 0);
}

#[test]
fn few_crashes_cost_restarts_and_nothing_else() {
    let text = Text::read(&shipped_text()).unwrap();
    for seed in ["1", "2", "3"] {
        let report = report(&["--crash", "0.05", "--seed", seed]);
        assert_exactly_once(&report, &text);
        for stage in report["stages"].as_array().unwrap() {
            assert_ne!(stage["crashes"], 0, "{report}");
            assert_ne!(stage["restarts"], 0, "{report}");
        }
    }
}

#[test]
fn many_crashes_make_groups_give_up_and_cost_no_more() {
    let excerpt = Excerpt::new(40);
    for seed in ["1", "2"] {
        let report = excerpt.report(&["--crash=0.3", "--seed", seed]);
        assert_exactly_once(&report, &excerpt.text);
        assert!(total(&report, "crashes") > 40, "{report}");
    }
}

#[test]
fn a_crash_each_time_comes_to_an_end() {
    let excerpt = Excerpt::new(12);
    let report = excerpt.report(&["--crash=1"]);
    assert_exactly_once(&report, &excerpt.text);
    // A line strikes each stage down at its first attempt, and may be counted before the third.
    let crashes = total(&report, "crashes");
    assert!((12 * 3..=12 * 3 * 3).contains(&crashes), "{report}");
}

#[test]
fn a_tree_that_bears_nothing_is_restarted_from_the_top() {
    let excerpt = Excerpt::new(30);
    let report = excerpt.report(&["--crash=0.1", "--intensity=0"]);
    assert_exactly_once(&report, &excerpt.text);
    let [archive, pipeline] = report["tree"]["children"].as_array().unwrap().as_slice() else {
        panic!("two children of the top: {report}");
    };
    assert_eq!(
        (&archive["name"], &archive["lives"]),
        (&"archive".into(), &1.into())
    );
    assert_eq!(pipeline["name"], "pipeline");
    assert!(pipeline["lives"].as_u64().unwrap() > 5, "{report}");
}

#[test]
fn a_text_of_one_line_without_an_end_is_one_page() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("line.txt");
    fs::write(&path, "We the People").unwrap();
    let report = report(&[path.to_str().unwrap(), "--crash=0.5", "--seed=3"]);
    assert_exactly_once(&report, &"We the People".into());
}

#[test]
fn a_pipe_gets_lines_a_tree_and_the_verdict_and_no_commands() {
    let ended = end(&["--crash", "0.02"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert!(!ended.stdout.contains('\x1b'), "{}", ended.stdout);
    let first = ended.stdout.lines().next().unwrap();
    let told = " of 349 lines counted; restarts: ingest ";
    assert!(first.contains(told), "{first}");
    for part in [
        "top (one_for_one)",
        "└─ pipeline (rest_for_one)",
        "   └─ aggregate (one_for_all)",
        "      └─ clerk",
        "lines: 349 in, 349 counted\nlost: none\ntwice: none",
    ] {
        assert!(ended.stdout.contains(part), "{part}: {}", ended.stdout);
    }
    let verdict = "verdict: each line was counted exactly once\n";
    assert!(ended.stdout.ends_with(verdict), "{}", ended.stdout);
}

#[test]
fn quiet_is_the_proof_alone() {
    let ended = end(&["--quiet", "--crash=0.01"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let heads: Vec<&str> = ended
        .stdout
        .lines()
        .filter_map(|line| line.split(':').next())
        .collect();
    assert_eq!(heads, ["lines", "lost", "twice", "words", "verdict"]);
}

#[test]
fn a_reader_that_goes_away_ends_it_with_0() {
    for arguments in [&["--crash=0.05"][..], &["--json"], &["--quiet"]] {
        let mut run = Run::start(&mut pipeline(arguments));
        drop(run.0.stdout.take());
        let ended = run.end();
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_report_that_the_disk_refuses_is_an_error() {
    for arguments in [&[][..], &["--json"], &["--quiet"]] {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let ended = Run::start(pipeline(arguments).stdout(full)).end();
        assert_eq!(ended.code, Some(1));
        let told = "supervised-pipeline: the report cannot be written: ";
        assert!(ended.stderr.starts_with(told), "{}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1);
    }
}

#[test]
fn what_is_no_text_is_refused_before_anything_starts() {
    let dir = TempDir::new().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let refused = [
        (file("empty", b""), "is empty"),
        (file("latin", b"one\ncaf\xe9\n"), "is not UTF-8: line 2"),
        (dir.path().to_str().unwrap().to_owned(), "it is a directory"),
        ("no/such.txt".to_owned(), "cannot read no/such.txt: "),
    ];
    for (path, why) in refused {
        let ended = end(&[&path]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{path}");
        assert!(ended.stderr.contains(why), "{}", ended.stderr);
    }
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_usage_error() {
    let senseless = [
        "--crash=1.5",
        "--crash=-1",
        "--crash=NaN",
        "--crash=",
        "--crash=x",
        "--seed=x",
        "--stray",
    ];
    let mut told = HashSet::new();
    for argument in senseless {
        let ended = end(&[argument]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
        assert!(ended.stderr.contains("--help"), "{}", ended.stderr);
        told.insert(ended.stderr);
    }
    assert_eq!(told.len(), senseless.len());
}
