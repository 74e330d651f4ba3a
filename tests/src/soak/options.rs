//! What is asked for on the command line.

use std::time::Duration;

use clap::{Parser, ValueEnum, value_parser};

/// Puts random supervisor trees, ports and pools under stress on real threads, and checks that every
/// message, thread and value is accounted for.
///
/// A system lives for a round and is shut down; then the books must balance. Exits with 1 and says
/// what is wrong if they do not.
#[derive(Clone, Debug, Parser)]
#[command(name = "soak")]
pub struct Options {
    /// For how many seconds new rounds begin.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = value_parser!(u64).range(1..=604_800))]
    pub seconds: u64,

    /// Decides what is done. Without it one is chosen, and printed.
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,

    /// How many seconds a system lives.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = value_parser!(u64).range(1..=600))]
    pub round: u64,

    /// The number of the first round: for seeing again what a later one found.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u64).range(1..))]
    pub from: u64,

    /// How many MiB the process may grow beyond its size after the second round. Allocators keep some
    /// for each of several threads: with glibc it is less under MALLOC_ARENA_MAX=1.
    #[arg(long, value_name = "MIB", default_value_t = 96, value_parser = value_parser!(u64).range(1..=65_536))]
    pub allowance: u64,

    /// How many seconds a round may take longer than it should, before it counts as stuck.
    #[arg(long, value_name = "N", default_value_t = 120, value_parser = value_parser!(u64).range(1..=3_600))]
    pub patience: u64,

    /// Does one thing wrong in each round, to see that it is found.
    #[arg(long, value_name = "WHAT")]
    pub sabotage: Option<Sabotage>,
}

/// What is done wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sabotage {
    /// A message is never dropped.
    Leak,
    /// A message that came back is not counted as such.
    Lose,
    /// A message is handled twice.
    Repeat,
    /// A question gets the answer to another.
    Answer,
    /// A thread stays behind.
    Thread,
    /// Memory stays behind.
    Memory,
    /// A round does not end.
    Hang,
}

impl Options {
    pub(super) fn length(&self) -> Duration {
        Duration::from_secs(self.round)
    }

    pub(super) fn total(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    pub(super) fn patience(&self) -> Duration {
        Duration::from_secs(self.patience)
    }

    pub(super) fn longest(&self) -> Duration {
        self.length() + self.patience()
    }

    pub(super) fn allowed_growth(&self) -> u64 {
        self.allowance << 20
    }
}
