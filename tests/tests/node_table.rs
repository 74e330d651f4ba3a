//! The guide's table of Node's behaviours names the tests that show them, and they are there.

use std::collections::BTreeMap;
use std::path::Path;

/// The behaviours that no test shows yet: what they are about is being built.
const NOT_THERE_YET: [u32; 0] = [];

/// The tests of each file by name.
type Tests = BTreeMap<String, Vec<String>>;

/// The text of the table's row for each number.
fn rows() -> BTreeMap<u32, String> {
    let page = include_str!("../../actor-core/guide/node-behaviours.md");
    let mut rows = BTreeMap::new();
    for line in page.lines() {
        let Some((number, text)) = line
            .strip_prefix("| A")
            .and_then(|row| row.split_once(" | "))
        else {
            continue;
        };
        let twice = rows.insert(number.parse().unwrap(), text.to_owned());
        assert!(twice.is_none(), "A{number} has two rows");
    }
    rows
}

/// The tests that a row names, with the file that is named before each.
fn named(row: &str) -> Vec<(String, String)> {
    let mut file = String::new();
    let mut tests = Vec::new();
    for word in row.split('`').skip(1).step_by(2) {
        if word.ends_with(".rs") {
            file = word.to_owned();
        } else if number_of(word).is_some() {
            tests.push((file.clone(), word.to_owned()));
        }
    }
    tests
}

/// The number in a name such as `a28_messages_before_close_all_arrive`.
fn number_of(test: &str) -> Option<u32> {
    let (number, _) = test.strip_prefix('a')?.split_once('_')?;
    number.parse().ok()
}

fn tests() -> Tests {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut tests = Tests::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let follows = |pair: &[&str]| {
            let name = pair[1].strip_prefix("fn ")?.split_once('(')?.0;
            (pair[0] == "#[test]").then(|| name.to_owned())
        };
        let names = lines.windows(2).filter_map(follows).collect();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        tests.insert(file, names);
    }
    tests
}

#[test]
fn each_behaviour_has_a_row_and_each_test_that_it_names_is_there() {
    let (rows, tests) = (rows(), tests());
    let numbers: Vec<u32> = rows.keys().copied().collect();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
    for (number, row) in &rows {
        let named = named(row);
        for (file, test) in &named {
            let there = tests.get(file).is_some_and(|names| names.contains(test));
            assert!(there, "A{number} names `{test}`, which is not in `{file}`");
            assert_eq!(number_of(test), Some(*number), "{test} is in another row");
        }
        let open = NOT_THERE_YET.contains(number);
        assert_eq!(
            named.is_empty(),
            open,
            "A{number}: a test, or the list here"
        );
    }
}

#[test]
fn each_test_with_a_number_is_in_the_row_of_it() {
    let rows = rows();
    let mut found = 0;
    for (file, names) in tests() {
        for test in names {
            let Some(number) = number_of(&test) else {
                continue;
            };
            let listed = named(&rows[&number]).contains(&(file.clone(), test.clone()));
            assert!(listed, "`{test}` of `{file}` is not in the row A{number}");
            found += 1;
        }
    }
    assert!(found >= 50, "{found} tests were found");
}
