//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::command_line::{CommandLine, checked};

/// What was written.
#[derive(Debug, Parser)]
#[command(
    name = "recovery",
    version,
    about = "Five tasks on a pool: one is refused, one crashes its worker, one is cut and tried again"
)]
struct Arguments {
    /// How many workers there are
    #[arg(long, value_name = "N", default_value_t = 2, allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=64))]
    workers: u16,

    /// How many milliseconds a task may run; the slow one takes twice as long
    #[arg(long, value_name = "MS", default_value_t = 500, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=600_000))]
    timeout: u64,

    /// How many milliseconds it may run when it is tried again
    #[arg(long, value_name = "MS", default_value_t = 10_000, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=600_000))]
    longer: u64,

    /// The directory for the log files; they are appended to
    #[arg(long, value_name = "DIR", default_value = "logs")]
    logs: PathBuf,
}

/// What the run is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many workers there are.
    pub workers: usize,
    /// How long a task may run.
    pub timeout: Duration,
    /// How long it may run the second time.
    pub longer: Duration,
    /// Where the log files are.
    pub logs: PathBuf,
}

impl CommandLine for Options {
    fn from_arguments(
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Options, clap::Error> {
        checked(arguments, Options::new)
    }
}

impl Options {
    fn new(arguments: Arguments) -> Result<Options, NotLonger> {
        let Arguments {
            workers,
            timeout,
            longer,
            logs,
        } = arguments;
        if longer <= timeout {
            return Err(NotLonger { timeout, longer });
        }
        Ok(Options {
            workers: usize::from(workers),
            timeout: Duration::from_millis(timeout),
            longer: Duration::from_millis(longer),
            logs,
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error(
    "'--longer {longer}' is no longer than '--timeout {timeout}': a task that was out of time would be so again"
)]
struct NotLonger {
    timeout: u64,
    longer: u64,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::command_line::tests::{read, refused};

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn what_is_written_is_meant() {
        let options: Options = read(&["--timeout=20", "--longer=21", "--logs=a/b"]).unwrap();
        assert_eq!(
            options,
            Options {
                workers: 2,
                timeout: Duration::from_millis(20),
                longer: Duration::from_millis(21),
                logs: PathBuf::from("a/b"),
            }
        );
    }

    #[test]
    fn a_second_try_is_to_have_more_time() {
        for longer in ["--longer=19", "--longer=20"] {
            let told = refused::<Options>(&["--timeout=20", longer]);
            assert!(told.contains("is no longer than '--timeout 20'"), "{told}");
        }
    }
}
