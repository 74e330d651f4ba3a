//! The bar that shows how far the run is.

use std::fmt::Display;
use std::io::Write;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::error::one_line;

/// A bar on stderr that counts strips. Clones move the same bar, from any thread. It is not drawn
/// where stderr is no terminal.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for so many strips; with `shown` false it keeps count and is never drawn.
    #[must_use]
    pub fn new(strips: u64, shown: bool) -> Progress {
        let target = if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(strips), target);
        // A mistake in the template would only cost its looks.
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} strips  {wide_msg}") {
            bar.set_style(style);
        }
        Progress { bar }
    }

    /// Names the picture that is worked on.
    pub fn picture(&self, name: impl Display) {
        self.bar.set_message(one_line(&name));
    }

    /// One more strip is done.
    pub fn advance(&self) {
        self.bar.inc(1);
    }

    /// So many strips will never be done: the end moves nearer, so that the bar can still reach it.
    pub fn give_up(&self, strips: u64) {
        self.bar
            .set_length(self.bar.length().unwrap_or(0).saturating_sub(strips));
    }

    /// Puts one line on stderr without tearing the bar, whether or not it is drawn.
    pub fn complain(&self, complaint: impl Display) {
        let line = one_line(&complaint);
        // Where stderr is closed there is nobody left to tell.
        self.bar
            .suspend(|| writeln!(std::io::stderr(), "{line}").ok());
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_move_the_same_bar_to_its_end() {
        let progress = Progress::new(5, false);
        progress.picture("cat\n.png");
        progress.clone().advance();
        progress.advance();
        progress.give_up(3);
        assert_eq!(
            (progress.bar.position(), progress.bar.length()),
            (2, Some(2))
        );
        assert_eq!(progress.bar.message(), "cat\\n.png");
        progress.finish();
        assert!(progress.bar.is_finished());
    }

    #[test]
    fn giving_up_more_than_there_was_is_harmless() {
        let progress = Progress::new(1, false);
        progress.give_up(7);
        assert_eq!(progress.bar.length(), Some(0));
    }

    #[test]
    fn it_can_be_moved_from_any_thread() {
        fn travels<T: Clone + Send + Sync + 'static>() {}
        travels::<Progress>();
    }
}
