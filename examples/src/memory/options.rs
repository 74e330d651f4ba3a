//! The command line.

use clap::Parser;

/// What the run is to do.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "memory",
    version,
    about = "Hands memory to a worker and gets it back: cloned, moved and shared"
)]
pub struct Options {
    /// How many megabytes are handed over, each of 1024 × 1024 bytes
    #[arg(long = "mb", value_name = "N", default_value_t = 100, allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub megabytes: u16,
}

impl Options {
    /// The same in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        usize::from(self.megabytes) * 1024 * 1024
    }
}
