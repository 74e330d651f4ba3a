//! Counts the instructions of a tell and of an ask, which noise cannot move.
//!
//! It runs itself under `valgrind --tool=callgrind` with two numbers of messages: the difference is
//! the messages' alone, whatever starting and ending cost.

mod talk;

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use talk::Talk;

const MANY: u64 = 30_000;
const FEW: u64 = 10_000;
/// Threads take turns a little differently each time.
const RUNS: usize = 3;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => count_all(),
        [talk, messages] => talk_once(talk, messages),
        _ => Err("it takes no arguments but those that it gives itself".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("actor-instructions: {error}");
            ExitCode::FAILURE
        }
    }
}

fn talk_once(talk: &str, messages: &str) -> Result<(), Box<dyn Error>> {
    let talk = Talk::ALL.into_iter().find(|one| one.name() == talk);
    talk.ok_or("there is no such talk")?.run(messages.parse()?)
}

/// Counts, and writes the file.
fn count_all() -> Result<(), Box<dyn Error>> {
    let mut lines = String::new();
    for talk in Talk::ALL {
        let mut each = Vec::new();
        for _ in 0..RUNS {
            let more = collected(talk, MANY)? as f64 - collected(talk, FEW)? as f64;
            each.push(more / (MANY - FEW) as f64);
        }
        each.sort_by(f64::total_cmp);
        let line = format!(
            "| {} | {:.0} | {:.0} – {:.0} |\n",
            talk.name(),
            each[RUNS / 2],
            each[0],
            each[RUNS - 1]
        );
        print!("{line}");
        lines.push_str(&line);
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../INSTRUCTIONS.md");
    fs::write(&file, page(&lines)).map_err(|error| format!("{}: {error}", file.display()).into())
}

fn page(lines: &str) -> String {
    format!(
        "# Instructions a message

Counted by callgrind in all threads, with `IdleStrategy::Park`: the difference between a run with {MANY}
messages and one with {FEW}, for each message. A change can be compared with these figures; the time
that a message takes is in the [README](README.md).

```sh
cargo run --release --manifest-path benches/Cargo.toml -p actor-instructions
```

| | instructions, median of {RUNS} | from – to |
|---|---|---|
{lines}
A tell is sent to an actor that is held in a handler until all have been sent, so that nobody is woken
in between; its figure is sending and handling together. An ask is one at a time, and each wakes both
sides.

Built by {}.
",
        rustc()
    )
}

/// What callgrind counts in a process of its own.
fn collected(talk: Talk, messages: u64) -> Result<u64, Box<dyn Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args([talk.name(), &messages.to_string()])
        .output()
        .map_err(|error| format!("valgrind does not start: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!(
            "{} under valgrind ended with {}: {said}",
            talk.name(),
            output.status
        )
        .into());
    }
    let count = said.lines().find_map(|line| line.split_once("Collected :"));
    let (_, count) = count.ok_or("valgrind did not say what it has collected")?;
    Ok(count.trim().parse()?)
}

fn rustc() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.map_or("an unknown compiler".into(), |output| {
        String::from_utf8_lossy(&output.stdout).into_owned()
    });
    text.trim().to_owned()
}
