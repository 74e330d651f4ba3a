//! The command line.

use clap::Parser;

/// What the run is to do.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "shared-memory",
    version,
    about = "Workers add to ten shared counters at the same time, and the totals are checked"
)]
pub struct Options {
    /// How many workers there are
    #[arg(long, value_name = "N", default_value_t = 4, allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: u16,

    /// How often each worker adds 1, to one counter after the other
    // As many workers as can be asked for do not overflow an `i32` with these.
    #[arg(long, value_name = "N", default_value_t = 100, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub rounds: u32,

    /// Loads and stores instead of adding, as if nobody else were there
    #[arg(long)]
    pub careless: bool,
}
