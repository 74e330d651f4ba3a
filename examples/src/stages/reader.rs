//! Decodes pictures, and keeps each to itself but for the strips that are asked for.

use std::path::PathBuf;

use actor_core::prelude::*;

use super::stopwatch::Stopwatch;
use crate::image_pipeline::{Filter, Layout, Picture, PictureError, Strip, StripId};

/// Owns one decoded picture at a time.
///
/// A decoder that panics on a malformed file costs that picture: the reader starts again without
/// any.
pub(super) struct Reader {
    filter: Filter,
    open: Option<(Layout, Picture)>,
}

/// A picture that was decoded and is ready to be cut.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) layout: Layout,
    pub(super) has_alpha: bool,
    /// Runs since the reading began.
    pub(super) since: Stopwatch,
}

#[actor]
impl Reader {
    /// Decodes the run's picture of this number, in place of the one before.
    pub(super) fn open(&mut self, number: usize, input: PathBuf) -> Result<Opened, PictureError> {
        // Before the next one is decoded, or both would be in memory.
        self.open = None;
        let since = Stopwatch::start();
        let picture = Picture::read(&input)?;
        let layout = Layout::new(number, picture.size(), self.filter);
        let has_alpha = picture.has_alpha();
        self.open = Some((layout, picture));
        Ok(Opened {
            layout,
            has_alpha,
            since,
        })
    }

    /// Cuts one strip; none, if its picture is not the one that is open.
    pub(super) fn cut(&mut self, id: StripId) -> Option<Strip> {
        let (layout, picture) = self.open.as_ref()?;
        layout.cut(picture, id)
    }
}

impl Actor for Reader {
    type Args = Filter;

    fn start(_ctx: &mut Context<Self>, filter: &Filter) -> Result<Self, Failure> {
        Ok(Reader {
            filter: *filter,
            open: None,
        })
    }
}
