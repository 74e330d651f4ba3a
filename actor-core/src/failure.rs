//! Why an actor failed: any error, in a form that can be shared.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::unwind::{contain, drop_contained};

/// The error that an actor failed with.
///
/// `?` converts any error, and any text, into a `Failure`, so `start`, `stopping` and
/// `#[message(fails)]` methods can use whatever errors they meet. For that it is, like
/// `anyhow::Error`, not itself an `Error`; [`as_error`](Self::as_error) gives the one inside,
/// with its sources. It is cheap to clone, because a reason travels to askers, events and the
/// supervisor alike.
///
/// ```
/// use actor_core::Failure;
///
/// fn parse(text: &str) -> Result<u16, Failure> {
///     let port = text.parse()?;
///     if port == 0 { Err("port 0 cannot be listened on")? }
///     Ok(port)
/// }
/// assert_eq!(parse("0").unwrap_err().to_string(), "port 0 cannot be listened on");
/// assert!(parse("x").unwrap_err().as_error().is::<std::num::ParseIntError>());
/// ```
#[derive(Clone)]
pub struct Failure {
    /// Until the drop.
    error: Option<Arc<dyn Error + Send + Sync>>,
}

impl Failure {
    /// The error inside, to look at its type and its sources.
    pub fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        match &self.error {
            Some(error) => &**error,
            None => unreachable!("it is taken by the drop alone"),
        }
    }

    /// Whether it is an [`Ignore`], returned by a start that found nothing to do.
    ///
    /// ```
    /// use actor_core::{Failure, Ignore};
    ///
    /// assert!(Failure::from(Ignore).is_ignore());
    /// assert!(!Failure::from("no paper").is_ignore());
    /// ```
    pub fn is_ignore(&self) -> bool {
        self.as_error().is::<Ignore>()
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = Some(Arc::from(error.into()));
        Failure { error }
    }
}

/// A reason is dropped wherever its last copy happens to be: in an event, in a signal, in an actor
/// that has long ended. The error's destructor must do no harm there.
impl Drop for Failure {
    fn drop(&mut self) {
        let _ = drop_contained(self.error.take());
    }
}

impl fmt::Display for Failure {
    /// The error, then its sources: `reading config: file not found`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |f| {
            fmt::Display::fmt(self.as_error(), f)?;
            let mut source = self.as_error().source();
            while let Some(error) = source {
                write!(f, ": {error}")?;
                source = error.source();
            }
            Ok(())
        })
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |f| fmt::Debug::fmt(self.as_error(), f))
    }
}

/// A reason is printed on the actor's thread as its life ends, if somebody logs: an error that
/// panics there must not keep the end from being told.
fn show(
    f: &mut fmt::Formatter<'_>,
    print: impl FnOnce(&mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    match contain(|| print(f)) {
        Ok(printed) => printed,
        Err(panic) => write!(f, "an error that cannot be printed: {panic}"),
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Failure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Returned by a `start` that found nothing to do: OTP's `ignore`.
///
/// The actor does not run, but that is no failure: a supervisor keeps the entry, starts the
/// next child, and does not count a restart. A plain `spawn` says so with
/// [`SpawnErrorKind::Ignored`](crate::SpawnErrorKind::Ignored).
///
/// ```
/// # use actor_core::prelude::*;
/// use actor_core::SpawnErrorKind;
/// # struct Printer;
/// # #[actor]
/// # impl Printer { pub fn print(&mut self) {} }
///
/// impl Actor for Printer {
///     type Args = Option<String>;
///     fn start(_ctx: &mut Context<Self>, device: &Option<String>) -> Result<Self, Failure> {
///         if device.is_none() { Err(Ignore)? } // this machine has none
///         Ok(Printer)
///     }
/// }
/// let system = System::new("office")?;
/// let error = system.spawn::<Printer>(None).unwrap_err();
/// assert!(matches!(error.kind(), SpawnErrorKind::Ignored));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ignore;

impl fmt::Display for Ignore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("start found nothing to do")
    }
}

impl Error for Ignore {}
