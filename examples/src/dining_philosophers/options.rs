//! The command line.

use clap::Parser;

/// What the run is to do.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "dining-philosophers",
    version,
    about = "Philosophers who share forks dine under one seed after the other, until some wait for ever"
)]
pub struct Options {
    /// Each takes the fork on the left first, as the others do; else the one with the lower number
    #[arg(long)]
    pub naive: bool,
    /// How many seeds are tried, from 0 on
    #[arg(long, value_name = "N", default_value_t = 10_000, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub seeds: u64,
    /// How many philosophers there are, and as many forks
    #[arg(long, value_name = "N", default_value_t = 3, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..=64))]
    pub philosophers: u32,
    /// How often each of them dines
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub meals: u32,
}
