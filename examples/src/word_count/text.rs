//! The text whose words are counted.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::image_pipeline::one_line;

/// The lines of a file, in memory: a file that changes amid the run would have two right counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    lines: Arc<[Arc<str>]>,
}

/// One line. Cheap to clone, as what is redelivered should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place in the text; the first is 0.
    pub number: usize,
    /// What it says.
    pub text: Arc<str>,
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// It cannot be opened or read.
    #[error("cannot read {}: {cause}", one_line(&path.display()))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system had to say.
        cause: io::Error,
    },
    /// It is a directory.
    #[error("cannot read {}: it is a directory; give one of the files in it", one_line(&.0.display()))]
    Directory(PathBuf),
    /// There is nothing in it.
    #[error("{} is empty, so there is nothing to count; give a file with some text in it", one_line(&.0.display()))]
    Empty(PathBuf),
    /// It holds bytes that are no text.
    #[error(
        "{} is not UTF-8: line {line} has a byte that is no part of a character; convert it first, \
         or give another file",
        one_line(&path.display())
    )]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line of the first such byte, counted from 1.
        line: usize,
    },
}

impl Text {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is empty or is not UTF-8.
    pub fn read(path: &Path) -> Result<Text, TextError> {
        if path.is_dir() {
            return Err(TextError::Directory(path.to_owned()));
        }
        let bytes = fs::read(path).map_err(|cause| TextError::Unreadable {
            path: path.to_owned(),
            cause,
        })?;
        if bytes.is_empty() {
            return Err(TextError::Empty(path.to_owned()));
        }
        match str::from_utf8(&bytes) {
            Ok(text) => Ok(text.into()),
            Err(error) => {
                let sound = &bytes[..error.valid_up_to()];
                let breaks = sound.iter().filter(|&&byte| byte == b'\n').count();
                Err(TextError::NotUtf8 {
                    path: path.to_owned(),
                    line: breaks + 1,
                })
            }
        }
    }

    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The line of this number.
    #[must_use]
    pub fn line(&self, number: usize) -> Option<Line> {
        let text = Arc::clone(self.lines.get(number)?);
        Some(Line { number, text })
    }

    /// All lines, in order.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        (0..self.len()).filter_map(|number| self.line(number))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text {
            lines: text.lines().map(Arc::from).collect(),
        }
    }
}

/// The text that comes with the example, where it was built.
#[must_use]
pub fn shipped_text() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("texts/constitution-article-1.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, bytes).unwrap();
        let error = Text::read(&path).unwrap_err().to_string();
        error.replace(path.to_str().unwrap(), "FILE")
    }

    #[test]
    fn lines_are_numbered_and_the_last_needs_no_end() {
        let text = Text::from("one\r\n\ntwo");
        let lines: Vec<_> = text.lines().collect();
        let line = |number, text: &str| Line {
            number,
            text: text.into(),
        };
        assert_eq!(lines, [line(0, "one"), line(1, ""), line(2, "two")]);
        assert_eq!(Text::from("one\n"), Text::from("one"));
        assert_eq!(text.line(3), None);
    }

    #[test]
    fn the_shipped_text_is_there() {
        assert!(Text::read(&shipped_text()).unwrap().len() > 300);
    }

    #[test]
    fn what_is_no_text_is_refused_with_what_to_do() {
        assert!(refused(b"").starts_with("FILE is empty"));
        assert!(refused(b"one\ntwo\n\xff\n").starts_with("FILE is not UTF-8: line 3 has a byte"));
        let directory = Text::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_err();
        assert!(directory.to_string().contains("it is a directory"));
        let gone = Text::read(Path::new("no/such.txt")).unwrap_err();
        assert!(gone.to_string().starts_with("cannot read no/such.txt: "));
        let strange = Text::read(Path::new("\u{1b}[2J")).unwrap_err().to_string();
        assert!(strange.starts_with("cannot read \\u{1b}[2J: "), "{strange}");
    }
}
