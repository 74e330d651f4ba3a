//! Rounds, one after the other, and what they come to.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, OnceLock, Weak, mpsc};
use std::time::{Duration, Instant};

use super::account::Tally;
use super::footprint::{self, Footprint};
use super::options::Options;
use super::round::{Plan, Report, play};
use crate::quiet_panics;

/// What a run came to that found nothing wrong.
#[derive(Clone, Debug)]
pub struct Summary {
    seed: u64,
    rounds: u64,
    tokens: Tally,
    lives: u64,
    left_behind: u64,
    took: Duration,
    footprint: Option<Footprint>,
}

impl Summary {
    /// How many rounds there were.
    pub fn rounds(&self) -> u64 {
        self.rounds
    }

    /// How many messages were handled.
    pub fn handled(&self) -> u64 {
        self.tokens.handled
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "seed {}: {} rounds in {:.0?}, {} lives ({} left behind), {} messages: {}; all accounted \
             for",
            self.seed,
            self.rounds,
            self.took,
            self.lives,
            self.left_behind,
            self.tokens.sum(),
            self.tokens
        )?;
        match self.footprint {
            Some(footprint) => write!(f, "; {footprint} at the end"),
            None => f.write_str("; threads and memory are looked at only on Linux"),
        }
    }
}

/// What is wrong, in which round of which seed.
#[derive(Clone, Debug)]
pub struct Trouble {
    seed: u64,
    round: u64,
    length: u64,
    faults: Vec<String>,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Trouble {
            seed,
            round,
            length,
            faults,
        } = self;
        write!(f, "seed {seed}, round {round}:")?;
        for fault in faults {
            write!(f, "\n- {fault}")?;
        }
        write!(
            f,
            "\nThe same again: --seed {seed} --from {round} --round {length} --seconds {length}"
        )
    }
}

impl Error for Trouble {}

/// Plays rounds until the time is over; tells of each.
///
/// # Errors
/// The first round with something wrong ends it.
#[expect(
    clippy::disallowed_methods,
    reason = "it runs for a time, and waits for threads"
)]
pub fn run(options: &Options, mut tell: impl FnMut(&str)) -> Result<Summary, Trouble> {
    quiet_panics();
    let begun = Instant::now();
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(0..1_000_000));
    let mut summary = Summary {
        seed,
        rounds: 0,
        tokens: Tally::default(),
        lives: 0,
        left_behind: 0,
        took: Duration::ZERO,
        footprint: None,
    };
    // After two rounds whatever is made once has been made.
    let mut settled = None;
    for round in options.from.. {
        let trouble = |faults| Trouble {
            seed,
            round,
            length: options.round,
            faults,
        };
        let plan = Plan {
            seed,
            number: round,
            length: options.length(),
            patience: options.patience(),
            sabotage: options.sabotage,
        };
        let report = play_within(options.longest(), plan).map_err(|fault| trouble(vec![fault]))?;
        summary.rounds += 1;
        summary.tokens += report.tokens;
        summary.lives += report.happened.started;
        summary.left_behind += report.happened.left_behind;
        summary.took = begun.elapsed();
        summary.footprint = Footprint::now();
        tell(&line(seed, round, &report, summary.footprint));
        if !report.faults.is_empty() {
            return Err(trouble(report.faults));
        }
        if summary.rounds == 2 {
            settled = summary.footprint;
        }
        if let (Some(settled), Some(now)) = (settled, summary.footprint) {
            let growth = now.memory.saturating_sub(settled.memory);
            if growth > options.allowed_growth() {
                let told = format!(
                    "the process has grown by {} MiB since the second round, and may grow by {}: \
                     {settled}, then {now}",
                    growth >> 20,
                    options.allowance
                );
                return Err(trouble(vec![told]));
            }
        }
        if begun.elapsed() >= options.total() {
            break;
        }
    }
    Ok(summary)
}

/// Plays a round on a thread of its own, for `longest` at most.
#[expect(
    clippy::disallowed_methods,
    reason = "it waits for a thread that may be stuck"
)]
fn play_within(longest: Duration, plan: Plan) -> Result<Report, String> {
    let (over, is_over) = mpsc::channel();
    let stage = Arc::new(OnceLock::new());
    let its_stage = Arc::clone(&stage);
    let player = std::thread::spawn(move || {
        let report = play(plan, &its_stage);
        // Where nobody waits for it any more, nobody is interested.
        let _ = over.send(report);
    });
    match is_over.recv_timeout(longest) {
        Ok(report) => {
            player.join().expect("it has come to its end");
            Ok(report)
        }
        Err(mpsc::RecvTimeoutError::Timeout) => {
            let world = stage.get().and_then(Weak::upgrade);
            Err(format!(
                "it has not come to its end within {longest:?}; {}{}",
                footprint::threads(),
                world.map_or_else(String::new, |world| world.backlog())
            ))
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => Err("the round panicked".to_owned()),
    }
}

fn line(seed: u64, round: u64, report: &Report, footprint: Option<Footprint>) -> String {
    let mut line = format!(
        "seed {seed} round {round}: {:.1?}, wildness {}, {:?} end; {} built, {} actors, {}; {} \
         messages: {}",
        report.took,
        report.wildness,
        report.end,
        report.built,
        report.actors,
        report.happened,
        report.tokens.sum(),
        report.tokens
    );
    if let Some(footprint) = footprint {
        line += &format!("; {footprint}");
    }
    line
}
