//! Ctrl-C, noticed without stopping anything by itself.
//!
//! `signal-hook` sets a flag from within the signal handler and starts no thread; `ctrlc` would
//! start one that waits for nothing else. A second Ctrl-C does no more than the first: ending the
//! process at once could leave a half-written file.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

/// Whether the user, or the system, wants the run to end. Clones share what they know.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    /// The signal that came last; 0 before the first.
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// One that nothing sets but [`raise`](Interrupt::raise).
    #[must_use]
    pub fn new() -> Interrupt {
        Interrupt::default()
    }

    /// One that is set by Ctrl-C, and by the polite way of ending a process from outside. Neither
    /// ends the process any longer: whoever installs this polls it.
    ///
    /// # Errors
    ///
    /// When the system refuses the signal handler.
    pub fn install() -> io::Result<Interrupt> {
        let interrupt = Interrupt::new();
        for signal in [SIGINT, SIGTERM] {
            signal_hook::flag::register_usize(
                signal,
                Arc::clone(&interrupt.signal),
                signal.unsigned_abs() as usize,
            )?;
        }
        Ok(interrupt)
    }

    /// Sets it, as Ctrl-C does.
    pub fn raise(&self) {
        self.signal
            .store(SIGINT.unsigned_abs() as usize, Ordering::SeqCst);
    }

    /// Whether the run is to end.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.signal.load(Ordering::SeqCst) != 0
    }

    /// What the process is to end with, if it is to end: 128 and the signal, as shells have it.
    /// Ctrl-C makes 130.
    #[must_use]
    pub fn exit_code(&self) -> Option<u8> {
        match self.signal.load(Ordering::SeqCst) {
            0 => None,
            signal => Some(u8::try_from(128 + signal).unwrap_or(u8::MAX)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_starts_unset_and_clones_share_it() {
        let interrupt = Interrupt::new();
        assert_eq!(
            (interrupt.is_raised(), interrupt.exit_code()),
            (false, None)
        );
        interrupt.clone().raise();
        assert_eq!(
            (interrupt.is_raised(), interrupt.exit_code()),
            (true, Some(130))
        );
    }

    #[test]
    #[cfg(unix)]
    fn signals_set_it_and_the_process_lives_on() {
        let interrupt = Interrupt::install().unwrap();
        signal_hook::low_level::raise(SIGINT).unwrap();
        assert_eq!(interrupt.exit_code(), Some(130));
        signal_hook::low_level::raise(SIGTERM).unwrap();
        assert_eq!(interrupt.exit_code(), Some(143));
    }
}
