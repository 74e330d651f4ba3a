//! What a panic of an actor said.

use std::any::Any;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};

/// What a panic said, and where.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// # std::panic::set_hook(Box::new(|_| {}));
/// # let system = System::new("panics")?;
/// let counter = system.spawn::<Counter>(1)?;
/// assert!(counter.divide(0).ask().is_err());
/// let ExitReason::Panicked(panic) = counter.join() else { unreachable!() };
/// assert_eq!(panic.message(), "attempt to divide by zero");
/// assert!(panic.location().is_some_and(|place| place.contains("counter.rs")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Panic {
    pub(crate) message: String,
    pub(crate) location: Option<String>,
}

impl Panic {
    /// The text of the panic; a description of the payload's kind if it was no text.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// `file:line:column` of the panic. None if the program has replaced the panic hook that a
    /// system installs.
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.location {
            Some(location) => write!(f, " ({location})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Panic {}

/// The text of a payload, which is dropped here: its destructor may panic too.
pub(crate) fn text_of(payload: Box<dyn Any + Send>) -> String {
    let text = if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic whose payload is no text".to_owned()
    };
    if let Err(second) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
    text
}
