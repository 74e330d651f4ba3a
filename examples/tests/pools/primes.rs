//! `primes`: all count the same, and it is right.

use std::fs;
use std::thread::available_parallelism;

use roxmltree::Document;
use serde_json::Value;
use tempfile::TempDir;

use super::program::{assert_output_matters, assert_usage, end, told};

const PRIMES: &str = env!("CARGO_BIN_EXE_primes");
/// How many numbers are sieved at a time.
const SEGMENT: u64 = 65_536;

/// What one thread and each of these pools counted.
#[track_caller]
fn counts(limit: u64, workers: &[u64]) -> Vec<u64> {
    let limit = limit.to_string();
    let list: Vec<_> = workers.iter().map(u64::to_string).collect();
    let list = list.join(",");
    let arguments = ["--json", "--runs=1", "--limit", &limit, "--workers", &list];
    let ended = end(PRIMES, &arguments);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let [report] = &ended.json()[..] else {
        panic!("{ended:?}");
    };
    assert_eq!(report["limit"].to_string(), limit);
    assert_eq!(report["agreed"], true);
    let rows = report["counts"].as_array().unwrap();
    let by: Vec<_> = rows.iter().map(|row| row["workers"].as_u64()).collect();
    let pools = workers.iter().copied().map(Some);
    assert!(
        by.iter().copied().eq([None].into_iter().chain(pools)),
        "{by:?}"
    );
    let counted = |row: &Value| {
        assert!(row["seconds"].as_f64().unwrap() > 0.0);
        row["primes"].as_u64().unwrap()
    };
    rows.iter().map(counted).collect()
}

/// By trial, as the definition reads.
fn naive(limit: u64) -> u64 {
    let is_prime = |&n: &u64| n > 1 && (2..=n.isqrt()).all(|divisor| !n.is_multiple_of(divisor));
    (0..limit).filter(is_prime).count() as u64
}

#[test]
fn there_are_664_579_below_10_million() {
    assert_eq!(counts(10_000_000, &[1, 2, 4]), [664_579; 4]);
}

#[test]
fn small_limits_are_right() {
    let known = [(0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (10, 4), (100, 25)];
    for (limit, primes) in known {
        assert_eq!(counts(limit, &[1, 3]), [primes; 3], "below {limit}");
    }
}

#[test]
fn limits_where_a_segment_ends_are_right() {
    for limit in [SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT + 2] {
        assert_eq!(counts(limit, &[2, 7]), [naive(limit); 3], "below {limit}");
    }
}

#[test]
fn the_table_has_a_row_for_each() {
    let arguments = ["--limit=100", "--workers=1,4", "--runs=3"];
    let told = told(PRIMES, &arguments);
    let lines: Vec<_> = told.lines().collect();
    assert!(lines[0].starts_with("limit: 100, cores of this machine: "));
    let words = |line: &&str| {
        let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        (words[..3].join(" "), words.len())
    };
    let found: Vec<_> = lines[3..].iter().map(words).collect();
    let expected = ["one thread 25", "1 worker 25", "4 workers 25"];
    // The time with its unit, the speed-up, and the efficiency with its sign.
    assert_eq!(found, expected.map(|row| (row.to_owned(), 8)));
}

/// The texts in the plot for these pools.
#[track_caller]
fn plotted(workers: &str) -> Vec<String> {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("speed-up.svg");
    let svg = format!("--svg={}", file.display());
    let arguments = ["--limit=1000", "--runs=1", "--workers", workers, &svg];
    told(PRIMES, &arguments);

    let text = fs::read_to_string(file).unwrap();
    let plot = Document::parse(&text).unwrap();
    assert_eq!(plot.root_element().tag_name().name(), "svg");
    let texts = plot
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    let trimmed = texts.filter_map(|node| node.text().map(str::trim));
    trimmed.map(str::to_owned).collect()
}

#[test]
fn the_plot_names_its_axes_and_lines() {
    let texts = plotted("1,2,4");
    let cores = available_parallelism().unwrap();
    let labels = [
        "Counting the primes below 1000",
        "workers",
        "speed-up over one thread",
        &format!("ideal, cores: {cores}"),
        "measured",
    ];
    for label in labels {
        assert!(texts.iter().any(|text| text == label), "{label}: {texts:?}");
    }
}

#[test]
fn the_plot_numbers_its_workers() {
    for most in 1..=8 {
        let texts = plotted(&most.to_string());
        // What else is a number is that of a speed-up, and has a point.
        let numbers: Vec<u64> = texts.iter().filter_map(|text| text.parse().ok()).collect();
        let expected: Vec<u64> = (0..=most.max(2)).collect();
        assert_eq!(numbers, expected);
    }
}

#[test]
fn a_plot_that_cannot_be_written_is_told() {
    let dir = TempDir::new().unwrap();
    let nowhere = dir.path().join("no").join("such.svg");
    let svg = format!("--svg={}", nowhere.display());
    let ended = end(PRIMES, &["--limit=100", "--runs=1", &svg]);
    assert_eq!(ended.code, Some(1));
    let why = format!(
        "primes: the plot cannot be written to {}: ",
        nowhere.display()
    );
    assert!(ended.stderr.starts_with(&why), "{}", ended.stderr);
    assert_eq!(ended.stderr.lines().count(), 1);
    assert!(ended.stdout.contains("one thread"), "{}", ended.stdout);
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_usage_error() {
    let senseless = [
        "--limit=-1",
        "--limit=100000000001",
        "--limit=1e7",
        "--limit=many",
        "--workers=0",
        "--workers=257",
        "--workers=all",
        "--runs=0",
        "--runs=1001",
        "--stray",
        "stray",
    ];
    let options = ["--limit", "--workers", "--runs", "--json", "--svg"];
    assert_usage(PRIMES, &options, &senseless);
    for workers in ["--workers=2,0", "--workers=", "--workers=2,,4"] {
        assert_eq!(end(PRIMES, &[workers]).code, Some(2), "{workers}");
    }
}

#[test]
fn output_that_cannot_be_written_is_noticed() {
    assert_output_matters(PRIMES, &["--limit=100", "--runs=1"]);
    assert_output_matters(PRIMES, &["--limit=100", "--runs=1", "--json"]);
}
