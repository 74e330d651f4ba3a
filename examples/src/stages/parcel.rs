//! What travels from stage to stage.

use std::path::PathBuf;
use std::sync::Arc;

use crate::image_pipeline::{Layout, PictureError, StripId};
use crate::stopwatch::Stopwatch;

/// One strip, in what form whatever: asked for, cut, filtered.
///
/// It says all that is needed to go on with it, so any life of any stage can take it up where
/// another has failed. A clone copies no bytes.
#[derive(Debug, Clone)]
pub(super) struct Parcel<T> {
    pub(super) id: StripId,
    pub(super) frame: Arc<Frame>,
    /// Counts the strips of the run as they are handed out, from 1.
    pub(super) number: u64,
    /// How often the supervisor has restarted a stage because of it.
    pub(super) restarts: u32,
    /// The strip; or why its picture cannot be finished, which is passed on to the end like a
    /// strip.
    pub(super) content: Result<T, PictureError>,
}

/// What has to be known of a picture to cut it, and to write the result.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) layout: Layout,
    pub(super) has_alpha: bool,
    pub(super) input: PathBuf,
    pub(super) output: PathBuf,
    /// Runs since the reading began.
    pub(super) since: Stopwatch,
}
