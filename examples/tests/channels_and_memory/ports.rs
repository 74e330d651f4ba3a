//! The `ports` program as its users meet it.

use super::program::{assert_output_matters, assert_usage, told};

const PORTS: &str = env!("CARGO_BIN_EXE_ports");

#[test]
fn the_two_talk_in_turn_until_one_closes_the_channel() {
    assert_eq!(
        told(PORTS, &[]),
        "\
answerer hears: what divides 6?
asker hears: 1
asker hears: 2
asker hears: 3
asker hears: 6
asker hears: that is all
answerer hears: what divides 12?
asker hears: 1
asker hears: 2
asker hears: 3
asker hears: 4
asker hears: 6
asker hears: 12
asker hears: that is all
asker closes the channel
answerer sees it closed, questions answered: 2
asker ended with exit code 0
answerer ended with exit code 0
"
    );
}

#[test]
fn every_round_is_one_question_and_its_divisors_in_order() {
    let told = told(PORTS, &["--rounds", "100"]);
    let mut lines = told.lines();
    for round in 1..=100 {
        let number = 6 * round;
        let question = format!("answerer hears: what divides {number}?");
        assert_eq!(lines.next(), Some(question.as_str()));
        for divisor in (1..=number).filter(|divisor| number % divisor == 0) {
            let heard = format!("asker hears: {divisor}");
            assert_eq!(lines.next(), Some(heard.as_str()), "of {number}");
        }
        assert_eq!(lines.next(), Some("asker hears: that is all"));
    }
    assert_eq!(lines.next(), Some("asker closes the channel"));
    let closed = "answerer sees it closed, questions answered: 100";
    assert_eq!(lines.next(), Some(closed));
    assert_eq!(lines.count(), 2);
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_usage_error() {
    let senseless = [
        "--rounds=0",
        "--rounds=-1",
        "--rounds=1001",
        "--rounds=99999999999999999999",
        "--rounds=two",
        "--rounds=1.5",
        "--stray",
        "stray",
    ];
    assert_usage(PORTS, &["--rounds"], &senseless);
}

#[test]
fn output_that_cannot_be_written_ends_both() {
    assert_output_matters(PORTS, &["--rounds=1000"]);
}
