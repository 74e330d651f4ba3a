//! Filters strips.

use actor_core::prelude::*;

use super::parcel::Parcel;
use super::ports::{Incoming, Onward};
use super::work::{REDELIVERIES, Station};
use crate::image_pipeline::{CrashPlan, FilteredStrip, Stage, Strip};

/// Does the computing. It remembers nothing, so a restart loses nothing: the strip in hand goes
/// back to the port, for the next life.
pub(super) struct Worker {
    station: Station,
    filtered: Onward<Parcel<FilteredStrip>>,
}

/// Where a worker's strips come from and go to.
#[derive(Debug)]
pub(super) struct WorkerArgs {
    pub(super) strips: Incoming<Parcel<Strip>>,
    pub(super) filtered: Onward<Parcel<FilteredStrip>>,
    pub(super) crashes: CrashPlan,
}

#[actor]
impl Worker {
    /// Filters a strip.
    pub(super) fn filter(&mut self, ctx: &mut Context<Self>, strip: Parcel<Strip>) {
        let Worker { station, filtered } = self;
        station.work(
            ctx,
            strip,
            |_, strip| Ok(strip.filtered()),
            |strip| {
                filtered.pass_on(strip, || !ctx.cancelled());
            },
        );
    }
}

impl Actor for Worker {
    type Args = WorkerArgs;

    fn start(ctx: &mut Context<Self>, args: &WorkerArgs) -> Result<Self, Failure> {
        ctx.attach_redelivering(&args.strips, REDELIVERIES, WorkerMessage::filter)?;
        Ok(Worker {
            station: Station {
                stage: Stage::Worker,
                crashes: args.crashes,
            },
            filtered: args.filtered.clone(),
        })
    }
}
