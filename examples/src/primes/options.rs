//! The command line.

use std::path::PathBuf;
use std::thread::available_parallelism;

use clap::Parser;

/// What the run is to do.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "primes",
    version,
    about = "Counts the primes below a limit, on one thread and with pools of workers"
)]
pub struct Options {
    /// Below which number primes are counted, up to 100,000,000,000
    #[arg(long, value_name = "N", default_value_t = 10_000_000, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(0..=100_000_000_000))]
    pub limit: u64,

    /// How many workers count: one pool for each of these numbers [default: 2, 4 … up to the
    /// number of cores]
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = up_to(cores()), hide_default_value = true, allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Vec<u16>,

    /// How often each counts; the median of the times is told
    #[arg(long, value_name = "N", default_value_t = 9, allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub runs: u16,

    /// Prints one JSON object on stdout
    #[arg(long)]
    pub json: bool,

    /// Draws the speed-up, and writes that picture
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

/// How many threads can run at the same time.
pub(super) fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// Powers of two, and the number of cores.
fn up_to(cores: usize) -> Vec<u16> {
    let cores = cores.clamp(1, 256) as u16;
    let powers = (1..).map(|power| 1 << power);
    powers
        .take_while(|&workers| workers < cores)
        .chain([cores])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_run_has_twice_the_workers_up_to_the_cores() {
        assert_eq!(up_to(1), [1]);
        assert_eq!(up_to(2), [2]);
        assert_eq!(up_to(4), [2, 4]);
        assert_eq!(up_to(6), [2, 4, 6]);
        assert_eq!(up_to(1_000), [2, 4, 8, 16, 32, 64, 128, 256]);
    }
}
