//! The soak, for some seconds; and that it finds what is wrong.

use std::process::{Command, Output};

use actor_tests::LONG;
use actor_tests::process::run_within;

fn soak(arguments: &[&str]) -> Output {
    run_within(
        5 * LONG,
        Command::new(env!("CARGO_BIN_EXE_soak")).args(arguments),
    )
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn some_rounds_are_accounted_for() {
    let output = soak(&["--seconds", "3", "--round", "1", "--seed", "7"]);
    let (told, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{told}{errors}");
    let (rounds, summary) = told.trim_end().rsplit_once('\n').unwrap();
    assert!(rounds.lines().count() >= 2, "{told}");
    let all_told = |line: &str| line.starts_with("seed 7 round ") && line.contains(" handled, ");
    assert!(rounds.lines().all(all_told), "{told}");
    assert!(summary.contains("all accounted for"), "{told}");
    assert!(!summary.contains(" 0 handled"), "{told}");
}

/// What is told of something that was done wrong.
#[track_caller]
fn is_found(sabotage: &str, expected: &str) {
    // Other tests run beside this one, so a round may take long that is not stuck.
    let patience = if sabotage == "hang" { 3 } else { 16 };
    let output = soak(&[
        "--seconds=20",
        "--round=1",
        "--seed=7",
        &format!("--patience={patience}"),
        "--allowance=20",
        "--sabotage",
        sabotage,
    ]);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains(expected), "{errors}");
    assert!(errors.starts_with("seed 7, round "), "{errors}");
    assert!(
        errors.contains("The same again: --seed 7 --from "),
        "{errors}"
    );
}

#[test]
fn a_message_that_is_never_dropped_is_found() {
    is_found("leak", "tokens are not gone");
}

#[test]
fn a_message_that_is_not_counted_is_found() {
    is_found("lose", ": by its tokens ");
}

#[test]
fn a_message_that_is_handled_twice_is_found() {
    is_found("repeat", "was begun twice, at attempt ");
}

#[test]
fn a_wrong_answer_is_found() {
    is_found("answer", "got the answer to ");
}

#[test]
fn a_round_that_is_stuck_is_found() {
    is_found(
        "hang",
        "it has not come to its end within 4s; threads: soak, ",
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_thread_that_stays_is_found() {
    is_found("thread", "threads are there 8s after the end, and ");
}

#[cfg(target_os = "linux")]
#[test]
fn memory_that_stays_is_found() {
    is_found("memory", "since the second round, and may grow by 20");
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    for (arguments, expected) in [
        (&["--seconds", "soon"][..], "'soon' for '--seconds <N>'"),
        (&["--seconds", "0"], "0 is not in 1..=604800"),
        (&["--seed"], "a value is required for '--seed <S>'"),
        (&["--sabotage", "all"], "invalid value 'all'"),
        (&["--hours", "1"], "unexpected argument '--hours'"),
    ] {
        let output = soak(arguments);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(expected), "{errors}");
    }
    let help = soak(&["--help"]);
    assert!(help.status.success());
    assert!(text(&help.stdout).contains("--seconds <N>"));
}
