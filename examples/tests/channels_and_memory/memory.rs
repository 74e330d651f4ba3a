//! `memory`: what is copied, and what is not.

use super::program::{assert_output_matters, assert_usage, told};

const MEMORY: &str = env!("CARGO_BIN_EXE_memory");

/// A line of the table: the way, and the bytes copied. The times between them are numbers.
fn row(line: &str) -> (&str, u64) {
    let cells: Vec<&str> = line.split_whitespace().collect();
    let [way, there, "ms", back, "ms", copied] = cells[..] else {
        panic!("no row: {line:?}");
    };
    for time in [there, back] {
        time.parse::<f64>().unwrap();
    }
    (way, copied.parse().unwrap())
}

#[test]
fn only_the_clone_is_copied() {
    for megabytes in [1, 8] {
        let told = told(MEMORY, &[&format!("--mb={megabytes}")]);
        let mut lines = told.lines();
        let head: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
        assert_eq!(head, ["memory", "there", "back", "bytes", "copied"]);
        let rows: Vec<_> = lines.skip(1).take(3).map(row).collect();
        let all = megabytes * 1024 * 1024;
        assert_eq!(rows, [("cloned", all), ("moved", 0), ("shared", 0)]);
        assert!(
            told.contains("\neach byte was changed by the worker"),
            "{told}"
        );
    }
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_usage_error() {
    let senseless = [
        "--mb=0",
        "--mb=-100",
        "--mb=1025",
        "--mb=99999999999999999999",
        "--mb=much",
        "--stray",
    ];
    assert_usage(MEMORY, &["--mb"], &senseless);
}

#[test]
fn output_that_cannot_be_written_is_noticed() {
    assert_output_matters(MEMORY, &["--mb=1"]);
}
