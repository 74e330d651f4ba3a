//! `broadcast`: who hears what, and what is lost.

use super::program::{assert_output_matters, assert_usage, told};

const BROADCAST: &str = env!("CARGO_BIN_EXE_broadcast");
/// How many announcements a member has room for.
const ROOM: u32 = 1024;

#[test]
fn the_busy_one_misses_what_it_has_no_room_for_and_hears_the_last() {
    assert_eq!(
        told(BROADCAST, &[]),
        "\
announcements 1 to 1999, without waiting: 975 times a member was full and lost one
announcement 2000, waiting for room: 4 members get it
member      heard  lost
──────────  ─────  ────
listener-1   2000     0
listener-2   2000     0
listener-3   2000     0
busy         1025   975
leaver       1000     0
"
    );
}

#[test]
fn each_announcement_is_heard_or_counted_as_lost() {
    for (listeners, announcements) in [(1, 2), (2, 3), (3, ROOM + 1), (1, ROOM + 2), (8, 9_999)] {
        let arguments = [
            format!("--listeners={listeners}"),
            format!("--announcements={announcements}"),
        ];
        let told = told(BROADCAST, &arguments.each_ref().map(String::as_str));
        // All but the last are announced without waiting.
        let lost = (announcements - 1).saturating_sub(ROOM);
        let before = announcements - 1;
        let first = format!(
            "announcements 1 to {before}, without waiting: {lost} times a member was full and lost one"
        );
        let members = listeners + 1;
        let second =
            format!("announcement {announcements}, waiting for room: {members} members get it");
        let mut lines = told.lines();
        assert_eq!(lines.next(), Some(first.as_str()));
        assert_eq!(lines.next(), Some(second.as_str()));

        let attentive = (1..=listeners).map(|n| (format!("listener-{n}"), announcements, 0));
        let busy = ("busy".to_owned(), announcements - lost, lost);
        let leaver = ("leaver".to_owned(), announcements / 2, 0);
        let mut rows = lines.skip(2);
        for (name, heard, lost) in attentive.chain([busy, leaver]) {
            let cells: Vec<&str> = rows.next().unwrap().split_whitespace().collect();
            assert_eq!(cells, [name, heard.to_string(), lost.to_string()], "{told}");
        }
        assert_eq!(rows.next(), None, "{told}");
    }
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_usage_error() {
    let senseless = [
        "--listeners=0",
        "--listeners=-3",
        "--listeners=65",
        "--listeners=99999999999999999999",
        "--listeners=all",
        "--announcements=0",
        "--announcements=1",
        "--announcements=-1",
        "--announcements=1000001",
        "--announcements=news",
        "--stray",
    ];
    assert_usage(BROADCAST, &["--listeners", "--announcements"], &senseless);
}

#[test]
fn output_that_cannot_be_written_is_noticed() {
    assert_output_matters(BROADCAST, &["--announcements=10"]);
}
