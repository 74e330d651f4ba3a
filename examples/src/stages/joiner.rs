//! Puts filtered strips together and writes the results.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use actor_core::prelude::*;

use super::stopwatch::Stopwatch;
use crate::image_pipeline::{Canvas, FilteredStrip, Interrupt, Layout, PictureError};

/// Owns the results until they are files.
pub(super) struct Joiner {
    interrupt: Interrupt,
    unfinished: HashMap<usize, Unfinished>,
}

/// How long the picture took, from the start of its reading to the end of its writing.
pub(super) type Written = Result<Duration, PictureError>;

/// What has to be known of a result before its first strip comes.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) layout: Layout,
    pub(super) has_alpha: bool,
    pub(super) output: PathBuf,
    /// Runs since the reading began.
    pub(super) since: Stopwatch,
}

#[actor]
impl Joiner {
    /// Begins a picture. The answer comes when its last strip has been placed and its file is
    /// written.
    #[message(later)]
    pub(super) fn begin(&mut self, ctx: &mut Context<Self>, frame: Frame) -> Later<Written> {
        let (later, written) = ctx.later();
        let unfinished = Unfinished {
            canvas: Canvas::new(frame.layout, frame.has_alpha),
            output: frame.output,
            since: frame.since,
            written,
        };
        self.unfinished.insert(frame.layout.picture(), unfinished);
        later
    }

    /// Puts a strip in its place, and writes the picture if it was the last one. A strip of a
    /// picture that was never begun, or is forgotten, is left out.
    pub(super) fn place(&mut self, ctx: &mut Context<Self>, strip: FilteredStrip) {
        let number = strip.id().picture;
        let Some(unfinished) = self.unfinished.get_mut(&number) else {
            return;
        };
        unfinished.canvas.place(&strip);
        if unfinished.canvas.is_complete()
            && let Some(finished) = self.unfinished.remove(&number)
        {
            // Both, because a stop that is on its way reaches this actor only after others.
            finished.write(|| !ctx.cancelled() && !self.interrupt.is_raised());
        }
    }

    /// Lets go of a picture that cannot be finished.
    pub(super) fn forget(&mut self, number: usize) {
        self.unfinished.remove(&number);
    }
}

impl Actor for Joiner {
    type Args = Interrupt;

    fn start(_ctx: &mut Context<Self>, interrupt: &Interrupt) -> Result<Self, Failure> {
        Ok(Joiner {
            interrupt: interrupt.clone(),
            unfinished: HashMap::new(),
        })
    }
}

struct Unfinished {
    canvas: Canvas,
    output: PathBuf,
    since: Stopwatch,
    /// Dropped without an answer, by a panic for one, it tells so.
    written: ReplyTo<Written>,
}

impl Unfinished {
    fn write(self, go_on: impl FnMut() -> bool) {
        if let Ok(picture) = self.canvas.into_picture() {
            let written = picture.write_png(&self.output, go_on);
            self.written.send(written.map(|()| self.since.elapsed()));
        }
    }
}
