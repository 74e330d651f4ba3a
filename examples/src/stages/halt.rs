//! What ends a run before its last picture.

use std::io;

use actor_core::{AskError, RecvError, SendError};

/// Why the run cannot go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Halt {
    /// Nobody reads the report any longer.
    #[error("nobody reads the report")]
    Unread,
    /// The report cannot be written.
    #[error("the report cannot be written: {0}")]
    Report(io::Error),
    /// The user wants it to end.
    #[error("interrupted")]
    Interrupted,
    /// An actor is gone, and its supervisor does not bring it back.
    #[error("{0}")]
    Deserted(String),
}

impl<M> From<SendError<M>> for Halt {
    fn from(error: SendError<M>) -> Halt {
        Halt::Deserted(error.to_string())
    }
}

impl From<AskError> for Halt {
    fn from(error: AskError) -> Halt {
        Halt::Deserted(error.to_string())
    }
}

impl From<RecvError> for Halt {
    fn from(_: RecvError) -> Halt {
        Halt::Deserted("the joiner has ended before all pictures were written".to_owned())
    }
}
