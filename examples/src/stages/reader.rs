//! Decodes pictures, and keeps each to itself but for the strips that are asked for.

use std::path::PathBuf;

use actor_core::prelude::*;

use super::parcel::{Frame, Parcel};
use super::ports::Onward;
use super::work::{Station, failure};
use crate::image_pipeline::{CrashPlan, Filter, Layout, Picture, PictureError, Stage, Strip};
use crate::stopwatch::Stopwatch;

/// Owns one decoded picture at a time, and decodes it again after a crash: what it is asked for says
/// where it comes from.
pub(super) struct Reader {
    filter: Filter,
    station: Station,
    strips: Onward<Parcel<Strip>>,
    open: Option<(usize, Picture)>,
}

/// What a reader is told about the run, and where its strips go.
#[derive(Debug)]
pub(super) struct ReaderArgs {
    pub(super) filter: Filter,
    pub(super) crashes: CrashPlan,
    pub(super) strips: Onward<Parcel<Strip>>,
}

/// A picture that was decoded and is ready to be cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opened {
    pub(super) layout: Layout,
    pub(super) has_alpha: bool,
    /// Runs since the reading began.
    pub(super) since: Stopwatch,
}

#[actor(derive(Clone), mailbox = 4)]
impl Reader {
    /// Decodes the run's picture of this number, in place of the one before.
    ///
    /// A decoder that panics on a malformed file costs that picture, at once: it would do so each
    /// time.
    pub(super) fn open(
        &mut self,
        ctx: &mut Context<Self>,
        number: usize,
        input: PathBuf,
    ) -> Result<Opened, PictureError> {
        if ctx.redelivered() > 0 {
            let cause = format!("its reader {}", failure(ctx));
            return Err(PictureError::Unreadable { path: input, cause });
        }
        // Before the next one is decoded, or both would be in memory.
        self.open = None;
        let since = Stopwatch::start();
        let picture = Picture::read(&input)?;
        let layout = Layout::new(number, picture.size(), self.filter);
        let has_alpha = picture.has_alpha();
        self.open = Some((number, picture));
        Ok(Opened {
            layout,
            has_alpha,
            since,
        })
    }

    /// Cuts one strip.
    pub(super) fn cut(&mut self, ctx: &mut Context<Self>, order: Parcel<()>) {
        let Reader {
            station,
            open,
            strips,
            ..
        } = self;
        let id = order.id;
        station.work(
            ctx,
            order,
            |frame, ()| {
                let picture = of_frame(open, frame)?;
                let strip = frame.layout.cut(picture, id);
                strip.ok_or_else(|| changed(frame))
            },
            |strip| {
                strips.pass_on(strip, || !ctx.cancelled());
            },
        );
    }
}

/// The picture that is to be cut. After a crash, it has to be decoded again.
fn of_frame<'a>(
    open: &'a mut Option<(usize, Picture)>,
    frame: &Frame,
) -> Result<&'a Picture, PictureError> {
    let number = frame.layout.picture();
    let picture = match open.take_if(|(open, _)| *open == number) {
        Some((_, picture)) => picture,
        None => {
            *open = None;
            Picture::read(&frame.input)?
        }
    };
    if picture.size() != frame.layout.size() {
        return Err(changed(frame));
    }
    Ok(&open.insert((number, picture)).1)
}

fn changed(frame: &Frame) -> PictureError {
    PictureError::Unreadable {
        path: frame.input.clone(),
        cause: "the file has changed since its reading began".to_owned(),
    }
}

impl Actor for Reader {
    type Args = ReaderArgs;

    fn start(_ctx: &mut Context<Self>, args: &ReaderArgs) -> Result<Self, Failure> {
        Ok(Reader {
            filter: args.filter,
            station: Station {
                stage: Stage::Reader,
                crashes: args.crashes,
            },
            strips: args.strips.clone(),
            open: None,
        })
    }
}
