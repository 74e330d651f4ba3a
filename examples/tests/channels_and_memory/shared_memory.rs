//! `shared-memory`: right totals, announced once.

use super::process::until;
use super::program::{assert_output_matters, assert_usage, end, told};

const SHARED_MEMORY: &str = env!("CARGO_BIN_EXE_shared-memory");

/// The columns of the table, row by row.
fn rows(told: &str) -> Vec<[i64; 3]> {
    let row = |line: &str| {
        let cells = line.split_whitespace().map(|cell| cell.parse().ok());
        let cells: Option<Vec<i64>> = cells.collect();
        cells?.try_into().ok()
    };
    told.lines().filter_map(row).collect()
}

#[test]
fn four_workers_add_a_hundred_each() {
    let told = told(SHARED_MEMORY, &[]);
    let announced = "workers: 4, rounds of each: 100\nall workers are done, additions counted: 400\ncounter  counted  expected\n";
    assert!(told.starts_with(announced), "{told}");
    let forty: Vec<_> = (0..10).map(|counter| [counter, 40, 40]).collect();
    assert_eq!(rows(&told), forty);
    assert_eq!(told.matches("are done").count(), 1);
}

#[test]
fn no_addition_is_lost_however_many_add() {
    for (workers, rounds) in [(1, 1), (1, 100_003), (2, 50_007), (64, 1_009), (256, 11)] {
        let arguments = [format!("--workers={workers}"), format!("--rounds={rounds}")];
        let told = told(SHARED_MEMORY, &arguments.each_ref().map(String::as_str));
        let expected: Vec<_> = (0..10)
            .map(|counter| {
                let visits = (0..rounds).filter(|round| round % 10 == counter).count();
                let sum = workers * visits as i64;
                [counter, sum, sum]
            })
            .collect();
        assert_eq!(rows(&told), expected, "{workers} × {rounds}");
    }
}

#[test]
fn careless_workers_lose_additions_and_that_is_an_error() {
    let arguments = ["--careless", "--workers=8", "--rounds=100000"];
    // Sooner or later two of them meet.
    let ended = until("an addition is lost", || {
        let ended = end(SHARED_MEMORY, &arguments);
        let counted: i64 = rows(&ended.stdout).iter().map(|row| row[1]).sum();
        assert_eq!(ended.code, Some(i32::from(counted != 800_000)), "{ended:?}");
        (counted != 800_000).then_some(ended)
    });
    let why = " counters are wrong: ";
    assert!(ended.stderr.starts_with("shared-memory: "), "{ended:?}");
    assert!(ended.stderr.contains(why), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_usage_error() {
    let senseless = [
        "--workers=0",
        "--workers=-4",
        "--workers=257",
        "--workers=99999999999999999999",
        "--workers=many",
        "--rounds=0",
        "--rounds=-1",
        "--rounds=10000001",
        "--rounds=often",
        "--stray",
    ];
    let options = ["--workers", "--rounds", "--careless"];
    assert_usage(SHARED_MEMORY, &options, &senseless);
}

#[test]
fn output_that_cannot_be_written_is_noticed() {
    assert_output_matters(SHARED_MEMORY, &["--rounds=10"]);
}
