//! The command line.

use clap::Parser;

/// What the run is to do.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "ports",
    version,
    about = "Two workers talk directly over a channel: one asks what divides a number, the other answers"
)]
pub struct Options {
    /// How many questions are asked
    #[arg(long, value_name = "N", default_value_t = 2, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub rounds: u32,
}
