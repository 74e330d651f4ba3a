//! The command line.

use clap::Parser;

/// What the run is to do.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "broadcast",
    version,
    about = "Announces to some listeners that keep pace, one that leaves, and one that is too busy"
)]
pub struct Options {
    /// How many listeners keep pace
    #[arg(long, value_name = "N", default_value_t = 3, allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub listeners: u16,

    /// How many announcements there are
    // Of which one is the last, and another comes before the leaver leaves.
    #[arg(long, value_name = "N", default_value_t = 2_000, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub announcements: u32,
}
