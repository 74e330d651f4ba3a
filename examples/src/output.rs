//! What the programs write to stdout.

use std::io::{self, ErrorKind, Write, stdout};

/// Stdout could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the report cannot be written: {0}")]
pub(crate) struct Unwritable(io::Error);

impl Unwritable {
    /// Whether the other end was closed, as `head` does it: nobody is listening any longer.
    pub(crate) fn is_unread(&self) -> bool {
        self.0.kind() == ErrorKind::BrokenPipe
    }
}

/// Prints text, line ends and all. `print!` would panic where that cannot be done.
pub(crate) fn print(text: &str) -> Result<(), Unwritable> {
    write(&mut stdout(), text)
}

/// Writes all of it, and flushes: a closed pipe is to be noticed while there is something left to
/// call off.
pub(crate) fn write(out: &mut impl Write, text: &str) -> Result<(), Unwritable> {
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(Unwritable)
}
