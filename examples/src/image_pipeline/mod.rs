//! The work behind the `image-pipeline` example, without its actors.
//!
//! A run goes through these in order:
//!
//! 1. [`Options`] turns the command line into [`Job`]s: which picture is read, and where the result
//!    goes.
//! 2. [`Picture::read`] decodes one file; a [`Layout`] cuts it into [`Strip`]s, each with its own
//!    few rows and nothing else.
//! 3. [`Strip::filtered`] does the computing and needs no other strip: it may run anywhere, in any
//!    order, and twice. The [`CrashPlan`] says which of them are to go wrong on purpose.
//! 4. A [`Canvas`] puts the [`FilteredStrip`]s together again, and [`Picture::write_png`] leaves a
//!    whole file or none.
//! 5. A [`Report`] tells what was done; [`Progress`] shows it under way; an [`Interrupt`] ends it
//!    early.
//!
//! Strips are cut the same way however many workers there are. Cutting by the number of workers
//! would balance a little better, but then every worker count would have its own strips, its own
//! planned crashes and its own table.

mod canvas;
mod complete;
mod crash_plan;
mod decode;
mod encode;
mod error;
mod filter;
mod interrupt;
mod job;
mod layout;
mod names;
mod options;
mod picture;
mod progress;
mod report;
mod strip;
mod table;

pub use canvas::{Canvas, Placed};
pub use crash_plan::{Crash, CrashPlan, Stage};
pub(crate) use error::one_line;
pub use error::{InputError, PictureError};
pub use filter::Filter;
pub use interrupt::Interrupt;
pub use job::{Job, PICTURE_EXTENSIONS};
pub use layout::Layout;
pub use options::{DEFAULT_OUTPUT, MAX_WORKERS, Options, shipped_pictures};
pub use picture::{CHANNELS, Picture, Size};
pub use progress::Progress;
pub use report::{Format, PictureReport, Report};
pub use strip::{FilteredStrip, Strip, StripId};
pub(crate) use table::table;
