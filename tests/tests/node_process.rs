//! What a whole process does: how it ends, and what its threads bear. A number is that of a
//! behaviour in the guide's page on Node.
#![cfg(target_os = "linux")]

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};

use actor_tests::LONG;
use actor_tests::process::run_within;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
/// What std ends a process with that has overflowed a stack.
const SIGABRT: i32 = 6;

/// Runs a job of `child-process` under a limit of the shell's `ulimit`; it must end in time.
fn job(limit: &str, words: &[&str]) -> Output {
    let script = format!("ulimit {limit} && exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command
        .args(["-c", &script, env!("CARGO_BIN_EXE_child-process")])
        .args(words);
    run_within(LONG, &mut command)
}

const NO_CORE_FILE: &str = "-c 0";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Digs until the stack is used up, which ends the process; how deep it came.
fn usable_depth(stack: usize) -> u64 {
    let output = job(NO_CORE_FILE, &["dig", &stack.to_string(), "1000000000"]);
    let complaint = text(&output.stderr);
    assert_eq!(output.status.signal(), Some(SIGABRT), "{complaint}");
    assert!(complaint.contains("'Worker#1'"), "{complaint}");
    assert!(
        complaint.contains("has overflowed its stack"),
        "{complaint}"
    );
    let depths = text(&output.stdout);
    depths.lines().last().unwrap().parse().unwrap()
}

#[test]
fn a7_a_process_whose_actors_exit_is_silent_and_succeeds() {
    let output = job(NO_CORE_FILE, &["leave"]);
    let said = [text(&output.stdout), text(&output.stderr)];
    assert_eq!((output.status.code(), said.concat()), (Some(0), "".into()));
}

#[test]
fn a11_each_of_256_spawns_under_a_limit_succeeds_or_is_an_error() {
    let started = |limit: &str, stack: usize| -> u64 {
        let output = job(limit, &["spawn", "256", &stack.to_string()]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let said = text(&output.stdout);
        let number = said.strip_suffix(" of 256 started\n");
        number.expect(&said).parse().unwrap()
    };
    // 4 GiB of addresses, in KiB, are stacks for fewer than 16.
    let few = started("-v 4194304", 256 * MIB);
    assert!((1..16).contains(&few), "{few} got a thread");
    // An actor needs no file descriptor.
    assert_eq!(started("-n 16", 256 * KIB), 256);
}

#[test]
fn a12_a_stack_overflow_ends_the_process_and_names_the_actor() {
    let depth = usable_depth(2 * MIB);
    assert!((500..2 * 1024).contains(&depth), "{depth} kilobytes deep");
}

#[test]
fn a12_a_larger_stack_lets_a_deep_recursion_end() {
    // 20 MB deep, ten times the stack above.
    let stack = (64 * MIB).to_string();
    let output = job(NO_CORE_FILE, &["dig", &stack, "20000"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).ends_with("\n20000\n"));
}

#[test]
fn a13_the_stack_size_is_what_can_be_used() {
    let (half, whole) = (usable_depth(512 * KIB), usable_depth(MIB));
    assert!(whole * 10 >= half * 14, "{half} and {whole}");
}

#[test]
fn a23_main_returns_in_time_though_ten_handlers_never_do() {
    let output = job(NO_CORE_FILE, &["return", "200"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "ten are busy\n");
}
