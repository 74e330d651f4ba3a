//! The command line.

use std::ffi::OsString;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};

use clap::Parser;

use super::crash_plan::{CrashPlan, Stage};
use super::error::InputError;
use super::filter::Filter;
use super::job::Job;
use super::report::Format;
use crate::command_line::{CommandLine, checked};

/// Where the results go unless `--output` says otherwise, seen from the current directory.
pub const DEFAULT_OUTPUT: &str = "target/image-pipeline";
/// As many workers as can be asked for. Each owns a thread, and beyond the number of cores more of
/// them only cost memory.
pub const MAX_WORKERS: u16 = 256;

/// The command line as it is written.
#[derive(Debug, Parser)]
#[command(
    name = "image-pipeline",
    version,
    about = "Filters pictures strip by strip, with a supervised actor for each worker"
)]
struct Arguments {
    /// A picture, or a directory of pictures; may be given more than once [default: the shipped
    /// pictures]
    #[arg(long = "input", value_name = "FILE|DIR")]
    inputs: Vec<PathBuf>,

    /// The directory for the results, made if it is missing
    #[arg(long, value_name = "DIR", default_value = DEFAULT_OUTPUT)]
    output: PathBuf,

    /// What is done to each picture
    #[arg(long, value_name = "F", value_enum, default_value_t = Filter::Grayscale)]
    filter: Filter,

    /// How many workers share the strips [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_WORKERS)))]
    workers: Option<u16>,

    /// Makes a stage panic on every N-th strip handed out for the first time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    crash_every: Option<u64>,

    /// Which stage that is
    #[arg(long, value_name = "STAGE", value_enum, default_value_t = Stage::Worker, requires = "crash_every")]
    crash_stage: Stage,

    /// Prints one JSON object a picture on stdout, and nothing else there
    #[arg(long)]
    json: bool,
}

/// What the run is to do: the command line, checked and with its defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The pictures, in the order in which they are done; at least one.
    pub jobs: Vec<Job>,
    /// What is done to each.
    pub filter: Filter,
    /// How many workers share the strips.
    pub workers: NonZeroUsize,
    /// On which strips which stage panics.
    pub crashes: CrashPlan,
    /// How the report is written.
    pub format: Format,
}

impl CommandLine for Options {
    fn from_arguments(
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Options, clap::Error> {
        checked(arguments, Options::new)
    }
}

impl Options {
    fn new(arguments: Arguments) -> Result<Options, InputError> {
        let inputs = if arguments.inputs.is_empty() {
            vec![shipped_pictures()]
        } else {
            arguments.inputs
        };
        Ok(Options {
            jobs: Job::plan(&inputs, &arguments.output, arguments.filter)?,
            filter: arguments.filter,
            workers: arguments
                .workers
                .map(usize::from)
                .and_then(NonZeroUsize::new)
                .unwrap_or_else(one_for_each_core),
            crashes: CrashPlan::new(
                arguments.crash_stage,
                arguments.crash_every.and_then(NonZeroU64::new),
            ),
            format: if arguments.json {
                Format::Json
            } else {
                Format::Table
            },
        })
    }
}

/// The directory of the pictures that come with the example, where it was built.
#[must_use]
pub fn shipped_pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures")
}

fn one_for_each_core() -> NonZeroUsize {
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    NonZeroUsize::from(std::num::NonZeroU16::new(MAX_WORKERS).unwrap_or(std::num::NonZeroU16::MIN))
        .min(cores)
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
    fn without_arguments_it_takes_the_shipped_pictures() {
        let options = options(&[]).unwrap();
        assert_eq!(
            options.jobs.iter().map(Job::name).collect::<Vec<_>>(),
            [
                "chelsea.png",
                "coffee.png",
                "hubble_deep_field.jpg",
                "rocket.jpg"
            ]
        );
        assert_eq!(
            options.jobs[0].output,
            Path::new("target/image-pipeline").join("chelsea-grayscale.png")
        );
        assert_eq!(
            (options.filter, options.crashes, options.format),
            (
                Filter::Grayscale,
                CrashPlan::new(Stage::Worker, None),
                Format::Table
            )
        );
        assert!(options.workers.get() <= usize::from(MAX_WORKERS));
    }

    #[test]
    fn every_option_is_taken() {
        let cat = shipped_pictures().join("chelsea.png");
        let cat = cat.to_str().unwrap();
        let arguments = [
            "--input",
            cat,
            "--input",
            cat,
            "--output",
            "out",
            "--filter",
            "edges",
            "--workers",
            "3",
            "--crash-every",
            "7",
            "--crash-stage",
            "joiner",
            "--json",
        ];
        let options = options(&arguments).unwrap();
        let outputs: Vec<_> = options.jobs.iter().map(|job| job.output.clone()).collect();
        assert_eq!(
            outputs,
            ["chelsea-edges.png", "chelsea-2-edges.png"].map(|name| Path::new("out").join(name))
        );
        assert_eq!(
            (options.workers.get(), options.crashes),
            (3, CrashPlan::new(Stage::Joiner, NonZeroU64::new(7)))
        );
        assert_eq!(
            (options.filter, options.format),
            (Filter::Edges, Format::Json)
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_reason() {
        assert!(refused(&["--workers", "0"]).contains("0 is not in 1..=256"));
        assert!(refused(&["--workers", "257"]).contains("257 is not in 1..=256"));
        assert!(refused(&["--workers", "many"]).contains("'many'"));
        assert!(refused(&["--crash-every", "0"]).contains("0 is not in 1.."));
        assert!(refused(&["--crash-stage", "joiner"]).contains("--crash-every"));
        assert!(
            refused(&["--crash-every", "1", "--crash-stage", "foreman"])
                .contains("[possible values: reader, worker, joiner]")
        );
        assert!(
            refused(&["--filter", "sepia"])
                .contains("[possible values: grayscale, invert, blur, edges]")
        );
        assert!(
            refused(&["--input", "no/such/file.png"]).contains("no/such/file.png cannot be used: ")
        );
        assert!(refused(&["--input", ""]).contains("--input"));
        assert!(refused(&["stray"]).contains("'stray'"));
    }

    #[test]
    fn a_directory_without_pictures_is_refused() {
        let dir = tempfile::TempDir::new().unwrap();
        assert!(refused(&["--input", dir.path().to_str().unwrap()]).contains("holds no picture"));
    }

    #[test]
    fn one_bad_input_among_good_ones_is_refused_before_anything_is_done() {
        let shipped = shipped_pictures();
        assert!(
            refused(&["--input", shipped.to_str().unwrap(), "--input", "gone.png"])
                .contains("gone.png")
        );
    }

    #[test]
    fn help_is_an_answer_and_no_mistake() {
        assert_eq!(options(&["--help"]).unwrap_err().exit_code(), 0);
    }
}
