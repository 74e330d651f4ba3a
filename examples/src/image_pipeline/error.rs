//! What can go wrong with a file, told in one line.
//!
//! The causes are text: an error travels between actors as plain data, it can be cloned and
//! compared, and all that is ever done with it is to show it.

use std::fmt::{Display, Write as _};
use std::path::{Path, PathBuf};

/// Why a picture could not be read, filtered or written. It prints as one line that names the file and the
/// cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// The file could not be opened, is no picture, or is damaged.
    #[error("{}: cannot be read: {cause}", one_line(&path.display()))]
    Unreadable {
        /// The file that was to be read.
        path: PathBuf,
        /// What the system or the decoder had to say.
        cause: String,
    },
    /// A part of the picture failed its worker again and again.
    #[error("{}: cannot be filtered: {cause}", one_line(&path.display()))]
    Unfiltered {
        /// The file that was read.
        path: PathBuf,
        /// How the last attempt failed.
        cause: String,
    },
    /// The result could not be put in its place. Nothing is left of it.
    #[error("{}: cannot be written: {cause}", one_line(&path.display()))]
    Unwritable {
        /// The file that was to be written.
        path: PathBuf,
        /// What the system or the encoder had to say.
        cause: String,
    },
    /// The write was called off before its end. Nothing is left of it.
    #[error("{}: not written: the run was interrupted", one_line(&path.display()))]
    CalledOff {
        /// The file that was to be written.
        path: PathBuf,
    },
}

impl PictureError {
    pub(super) fn unreadable(path: &Path, cause: impl Display) -> PictureError {
        PictureError::Unreadable {
            path: path.to_owned(),
            cause: one_line(&cause),
        }
    }

    pub(super) fn unwritable(path: &Path, cause: impl Display) -> PictureError {
        PictureError::Unwritable {
            path: path.to_owned(),
            cause: one_line(&cause),
        }
    }

    /// The file that it is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            PictureError::Unreadable { path, .. }
            | PictureError::Unfiltered { path, .. }
            | PictureError::Unwritable { path, .. }
            | PictureError::CalledOff { path } => path,
        }
    }
}

/// Why an `--input` or `--output` of the command line is refused before anything is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The path leads nowhere, or may not be looked at.
    #[error("the input {} cannot be used: {cause}", one_line(&path.display()))]
    Inaccessible {
        /// The path as it was given.
        path: PathBuf,
        /// What the system had to say.
        cause: String,
    },
    /// The path is a device, a pipe or a socket: it could not be read twice, or has no end.
    #[error("the input {} is neither a file nor a directory", one_line(&path.display()))]
    NotAFile {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The directory holds no file with a picture's extension.
    #[error("the input directory {} holds no picture (looked for: {looked_for})", one_line(&path.display()))]
    NoPictures {
        /// The path as it was given.
        path: PathBuf,
        /// The extensions that count as a picture's.
        looked_for: String,
    },
    /// The place for the results is taken by something that is no directory.
    #[error("the output {} is not a directory", one_line(&path.display()))]
    OutputNotADirectory {
        /// The path as it was given.
        path: PathBuf,
    },
}

/// The text with its control characters escaped: a file's name may hold line breaks and terminal
/// commands.
pub(crate) fn one_line(text: &dyn Display) -> String {
    let mut line = String::new();
    for character in text.to_string().trim_end().chars() {
        if character.is_control() {
            // Writing to a String has no way to fail.
            let _ = write!(line, "{}", character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_plain_data_that_can_travel() {
        fn travels<T: std::error::Error + Clone + Send + Sync + 'static>() {}
        travels::<PictureError>();
        travels::<InputError>();
    }

    #[test]
    fn a_line_break_in_a_name_or_a_cause_stays_on_the_line() {
        let error = PictureError::unreadable(Path::new("a\nb.png"), "first\r\nsecond\n");
        assert_eq!(
            error.to_string(),
            "a\\nb.png: cannot be read: first\\r\\nsecond"
        );
        assert_eq!(error.path(), Path::new("a\nb.png"));
    }

    #[test]
    fn a_terminal_command_in_a_name_is_shown_not_obeyed() {
        let error = PictureError::CalledOff {
            path: "\u{1b}[2Jcat.png".into(),
        };
        assert!(
            error.to_string().starts_with("\\u{1b}[2Jcat.png: "),
            "{error}"
        );
    }
}
