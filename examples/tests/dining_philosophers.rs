//! `dining-philosophers`: the naive ones are found to wait for ever, the others never do.

use std::process::{Command, Output};

fn run(arguments: &[&str], seed: Option<&str>) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dining-philosophers"));
    command.args(arguments).env_remove("ACTOR_SIM_SEED");
    if let Some(seed) = seed {
        command.env("ACTOR_SIM_SEED", seed);
    }
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn the_naive_ones_wait_for_ever_within_a_hundred_seeds() {
    for philosophers in ["2", "3", "5"] {
        let arguments = ["--naive", "--seeds", "100", "--philosophers", philosophers];
        let (code, stdout, _) = run(&arguments, None);
        assert_eq!(code, Some(1), "{stdout}");
        assert!(stdout.contains("deadlock: everybody waits"), "{stdout}");
        // Each waits for the fork that the next one has.
        let last = philosophers.parse::<u32>().unwrap() - 1;
        for (philosopher, fork) in (0..last).map(|n| (n, n + 1)).chain([(last, 0)]) {
            let line = stdout
                .lines()
                .find(|line| line.starts_with(&format!("  philosopher-{philosopher}#")));
            let line = line.unwrap_or_else(|| panic!("nothing of {philosopher} in {stdout}"));
            assert!(line.contains(&format!("waits for fork-{fork}#")), "{line}");
        }
    }
}

#[test]
fn the_line_that_is_printed_replays_it() {
    let (_, stdout, _) = run(&["--naive"], None);
    let line = stdout.lines().last().unwrap();
    let seed = line.split('\'').nth(1).unwrap();
    let (code, again, _) = run(&["--naive"], Some(seed));
    assert_eq!(code, Some(1));
    let trace = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.starts_with("   "));
        lines.map(str::to_owned).collect()
    };
    assert!(!trace(&stdout).is_empty());
    assert_eq!(trace(&again), trace(&stdout));
}

#[test]
fn those_who_keep_to_an_order_survive_ten_thousand_seeds() {
    let (code, stdout, stderr) = run(&[], None);
    assert!(
        stdout.starts_with("all have dined under 10000 seeds, in "),
        "{stdout}"
    );
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
}

#[test]
fn what_makes_no_sense_is_refused() {
    for (arguments, said) in [
        (["--seeds", "0"], "0 is not in 1..=10000000"),
        (["--philosophers", "1"], "1 is not in 2..=64"),
        (["--meals", "many"], "invalid digit"),
    ] {
        let (code, stdout, stderr) = run(&arguments, None);
        assert_eq!((code, stdout.as_str()), (Some(2), ""));
        assert!(stderr.contains(said), "{stderr}");
    }
    let (code, _, stderr) = run(&[], Some("seven"));
    assert_eq!(code, Some(101));
    assert!(
        stderr.contains("ACTOR_SIM_SEED: \"seven\" is no seed"),
        "{stderr}"
    );
}
