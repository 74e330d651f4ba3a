//! `worker-pool`: every task has its own answer, in the order of the tasks.

use serde_json::Value;

use super::program::{assert_output_matters, assert_usage, end, told};

const WORKER_POOL: &str = env!("CARGO_BIN_EXE_worker-pool");
const FACTORIAL_OF_50: &str = "30414093201713378043612608166064768844377641568960512000000000000";

/// A line's task and its result, or why there is none. Who did it and how long that took is for luck
/// to say.
#[track_caller]
fn pair(line: &Value) -> (&str, &str) {
    let worker = line["worker"].as_str().unwrap();
    assert!(worker.starts_with("worker-"), "{line}");
    assert!(line["seconds"].as_f64().unwrap() >= 0.0, "{line}");
    let task = line["task"].as_str().unwrap();
    let named = format!("{}:{}", line["kind"].as_str().unwrap(), line["number"]);
    assert_eq!(task, named);
    let answer = line.get("result").or(line.get("error"));
    (task, answer.unwrap().as_str().unwrap())
}

#[test]
fn the_five_tasks_are_answered_in_their_order() {
    let told = told(WORKER_POOL, &[]);
    let mut lines = told.lines();
    let heads: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(heads, ["task", "worker", "time", "result"]);
    let mut found = Vec::new();
    for line in lines.skip(1) {
        let cells: Vec<_> = line.split_whitespace().collect();
        let [task, worker, _, result] = cells[..] else {
            panic!("no row: {line:?}");
        };
        assert!(worker.starts_with("worker-"), "{line}");
        found.push((task, result));
    }
    let expected = [
        ("fibonacci:10", "55"),
        ("factorial:20", "2432902008176640000"),
        ("prime:30", "113"),
        ("fibonacci:40", "102334155"),
        ("factorial:50", FACTORIAL_OF_50),
    ];
    assert_eq!(found, expected);
}

#[test]
fn every_task_has_its_own_answer_however_many_work() {
    let (mut this, mut next) = (0_u64, 1_u64);
    let mut expected = Vec::new();
    for n in 0..90 {
        expected.push((format!("fibonacci:{n}"), this.to_string()));
        (this, next) = (next, this + next);
    }
    // Those that take longest come first.
    expected.reverse();
    for workers in [1, 2, 16] {
        let workers = format!("--workers={workers}");
        let tasks = expected.iter().map(|(task, _)| task.as_str());
        let arguments: Vec<_> = tasks.chain(["--json", &workers]).collect();
        let ended = end(WORKER_POOL, &arguments);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        let lines = ended.json();
        let found = lines.iter().map(pair);
        let expected = expected
            .iter()
            .map(|(task, result)| (&task[..], &result[..]));
        assert!(found.eq(expected), "{workers}: {}", ended.stdout);
    }
}

#[test]
fn an_error_takes_no_other_task_with_it() {
    let arguments = [
        "--workers=2",
        "fibonacci:10",
        "prime:0",
        "factorial:50",
        "factorial:999999999999",
        "fibonacci:1000001",
        "prime:30",
    ];
    let refused = [
        (
            "prime:0",
            "there is no such prime; they are counted from 1 on",
        ),
        (
            "factorial:999999999999",
            "the number is too large; it may be 100000 at most",
        ),
        (
            "fibonacci:1000001",
            "the number is too large; it may be 1000000 at most",
        ),
    ];
    let why: Vec<_> = refused
        .iter()
        .map(|(task, error)| format!("worker-pool: {task}: {error}"))
        .collect();

    let ended = end(WORKER_POOL, &[&arguments[..], &["--json"]].concat());
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.stderr.lines().collect::<Vec<_>>(), why);
    let lines = ended.json();
    let found: Vec<_> = lines.iter().map(pair).collect();
    let expected = [
        ("fibonacci:10", "55"),
        refused[0],
        ("factorial:50", FACTORIAL_OF_50),
        refused[1],
        refused[2],
        ("prime:30", "113"),
    ];
    assert_eq!(found, expected);

    let ended = end(WORKER_POOL, &arguments);
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.stderr.lines().collect::<Vec<_>>(), why);
    let last = |line: &str| line.split_whitespace().last().map(str::to_owned);
    let found: Vec<_> = ended.stdout.lines().skip(2).filter_map(last).collect();
    let expected = ["55", "none", FACTORIAL_OF_50, "none", "none", "113"];
    assert_eq!(found, expected);
}

#[test]
fn a_result_of_any_length_is_exact_and_readable() {
    let ended = end(WORKER_POOL, &["factorial:1000", "--json"]);
    let lines = ended.json();
    let (_, digits) = pair(&lines[0]);
    assert_eq!(digits.len(), 2_568);
    assert!(digits.starts_with("402387260077093773543702"), "{digits}");
    // As many as there are fives in the factors.
    assert!(digits.trim_end_matches('0').len() == digits.len() - 249);
    let told = told(WORKER_POOL, &["factorial:1000"]);
    let shortened = "40238726007709377354…00000000000000000000 (2568 digits)";
    assert!(told.contains(shortened), "{told}");
}

#[test]
fn what_is_not_known_is_a_usage_error() {
    let senseless = [
        "sum:5",
        "Prime:5",
        "prime",
        "prime:",
        "prime:-1",
        "prime:1.5",
        "prime:ten",
        "prime:99999999999999999999",
        "--workers=0",
        "--workers=-1",
        "--workers=257",
        "--workers=many",
        "--stray",
    ];
    assert_usage(WORKER_POOL, &["TASK", "--workers", "--json"], &senseless);
    let ended = end(WORKER_POOL, &["fibonacci:10", "sum:5"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    let known = "known are fibonacci, factorial, prime";
    assert!(ended.stderr.contains(known), "{}", ended.stderr);
}

#[test]
fn output_that_cannot_be_written_is_noticed() {
    assert_output_matters(WORKER_POOL, &[]);
    assert_output_matters(WORKER_POOL, &["--json"]);
}
