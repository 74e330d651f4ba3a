//! The command line.

use clap::Parser;

use super::task::Task;

/// What the run is to do.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "worker-pool",
    version,
    about = "Calculates Fibonacci numbers, factorials and primes with a pool of workers"
)]
pub struct Options {
    /// What is calculated, in this order: fibonacci:N, factorial:N or prime:N
    #[arg(value_name = "TASK", default_values = ["fibonacci:10", "factorial:20", "prime:30", "fibonacci:40", "factorial:50"])]
    pub tasks: Vec<Task>,

    /// How many workers there are [default: one for each core]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Option<u16>,

    /// Prints one JSON object a task on stdout
    #[arg(long)]
    pub json: bool,
}
