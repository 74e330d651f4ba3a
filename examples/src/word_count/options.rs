//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;

use super::text::{Text, TextError, shipped_text};
use crate::command_line::{CommandLine, checked};

/// The command line as it is written.
#[derive(Debug, Parser)]
#[command(
    name = "supervised-pipeline",
    version,
    about = "Counts the words of a text with actors that crash by chance, and proves that none is lost"
)]
struct Arguments {
    /// The text, in UTF-8 [default: the first article of the Constitution of the United States]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// How likely a stage crashes each time it works on a line, from 0 to 1
    #[arg(long, value_name = "PROBABILITY", default_value = "0", allow_negative_numbers = true, value_parser = probability)]
    crash: f64,

    /// Draws other crashes
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,

    /// How many restarts a group bears within a second before it gives up; the pipeline bears ten
    /// times as many
    #[arg(long, value_name = "N", default_value_t = 10)]
    intensity: u16,

    /// Prints nothing but the proof
    #[arg(long, conflicts_with = "json")]
    quiet: bool,

    /// Prints one JSON object on stdout, and nothing else there
    #[arg(long)]
    json: bool,
}

/// What the run is to do: the command line, checked and with its defaults filled in.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the text comes from.
    pub file: PathBuf,
    /// What is counted.
    pub text: Text,
    /// How likely a stage crashes each time it works on a line.
    pub crash: f64,
    /// Where the crashes are drawn from.
    pub seed: u64,
    /// How many restarts a group bears within a second.
    pub intensity: u16,
    /// What is printed.
    pub output: Output,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// The tree as it changes, and all of the report.
    Live,
    /// The proof.
    Quiet,
    /// One JSON object.
    Json,
}

impl CommandLine for Options {
    /// Reads the text, too.
    fn from_arguments(
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Options, clap::Error> {
        checked(arguments, Options::new)
    }
}

impl Options {
    fn new(arguments: Arguments) -> Result<Options, TextError> {
        let file = arguments.file.unwrap_or_else(shipped_text);
        Ok(Options {
            text: Text::read(&file)?,
            file,
            crash: arguments.crash,
            seed: arguments.seed,
            intensity: arguments.intensity,
            output: match (arguments.json, arguments.quiet) {
                (true, _) => Output::Json,
                (_, true) => Output::Quiet,
                _ => Output::Live,
            },
        })
    }
}

fn probability(text: &str) -> Result<f64, String> {
    let probability: f64 = text.parse().map_err(|_| "it is not a number".to_owned())?;
    match (0.0..=1.0).contains(&probability) {
        true => Ok(probability),
        false => Err("a probability is from 0 (never) to 1 (always)".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::command_line::tests as command_line;

    fn options(arguments: &[&str]) -> Result<Options, clap::Error> {
        command_line::read(arguments)
    }

    fn refused(arguments: &[&str]) -> String {
        command_line::refused::<Options>(arguments)
    }

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn without_arguments_nothing_crashes() {
        let options = options(&[]).unwrap();
        assert_eq!(options.file, shipped_text());
        assert_eq!((options.crash, options.seed), (0.0, 0));
        assert_eq!((options.intensity, options.output), (10, Output::Live));
    }

    #[test]
    fn every_option_is_taken() {
        let text = shipped_text();
        let arguments = [
            text.to_str().unwrap(),
            "--crash=0.25",
            "--seed=7",
            "--intensity=0",
            "--json",
        ];
        let options = options(&arguments).unwrap();
        assert_eq!((options.crash, options.seed), (0.25, 7));
        assert_eq!((options.intensity, options.output), (0, Output::Json));
    }

    #[test]
    fn what_is_no_probability_is_refused() {
        for crash in ["-0.1", "1.01", "NaN", "inf"] {
            let told = refused(&["--crash", crash]);
            assert!(told.contains("from 0 (never) to 1 (always)"), "{told}");
        }
        assert!(refused(&["--crash", "often"]).contains("it is not a number"));
        assert_eq!(options(&["--crash", "1"]).unwrap().crash, 1.0);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert!(refused(&["no/such.txt"]).contains("cannot read no/such.txt: "));
        assert!(refused(&["--json", "--quiet"]).contains("cannot be used with"));
        assert!(refused(&["--seed=-1"]).contains("--seed"));
    }
}
