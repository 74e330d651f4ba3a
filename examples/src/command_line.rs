//! How the programs read their command lines.

use std::ffi::OsString;
use std::fmt::Display;

use clap::Parser;
use clap::error::ErrorKind;

/// What a program is to do, as its command line says.
///
/// Whatever [`clap`] can read is one. Options that cannot be checked one by one implement it
/// themselves.
pub trait CommandLine: Sized {
    /// Reads a command line, the program's name first.
    ///
    /// # Errors
    ///
    /// [`clap::Error`], for what is misspelt as well as for what makes no sense: it prints with the
    /// usage, and its exit code is 2.
    fn from_arguments(
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, clap::Error>;

    /// Reads the process's own command line. Where it cannot be followed, says why on stderr and
    /// ends the process with exit code 2; for `--help` and `--version`, answers on stdout and ends
    /// it with 0.
    #[must_use]
    fn from_command_line() -> Self {
        Self::from_arguments(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }
}

impl<P: Parser> CommandLine for P {
    fn from_arguments(
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, clap::Error> {
        P::try_parse_from(arguments)
    }
}

/// Reads a command line as it is written, and makes of it what is meant. An error of `check` is a
/// usage error like any other.
pub(crate) fn checked<Written: Parser, Meant, E: Display>(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    check: impl FnOnce(Written) -> Result<Meant, E>,
) -> Result<Meant, clap::Error> {
    let written = Written::try_parse_from(arguments)?;
    check(written).map_err(|error| Written::command().error(ErrorKind::ValueValidation, error))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What these arguments are read as.
    pub(crate) fn read<O: CommandLine>(arguments: &[&str]) -> Result<O, clap::Error> {
        O::from_arguments([&["program"], arguments].concat())
    }

    /// What is said of arguments that make no sense.
    #[track_caller]
    pub(crate) fn refused<O: CommandLine>(arguments: &[&str]) -> String {
        match read::<O>(arguments) {
            Ok(_) => panic!("{arguments:?} was taken"),
            Err(error) => {
                assert_eq!(error.exit_code(), 2, "{error}");
                error.to_string()
            }
        }
    }
}
