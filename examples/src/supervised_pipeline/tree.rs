//! The three levels of supervisors, and who knows whom.

use std::sync::Arc;
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{SpawnError, Spec, SupervisorHandle};

use super::archive::{Archive, ArchiveHandle};
use super::branch::Branch;
use super::clerk::{Clerk, ClerkHandle, Desk};
use super::counter::Counter;
use super::ingest::{Ingest, IngestHandle, Wiring};
use super::parser::{Parser, ParserHandle};
use crate::word_count::{CrashPlan, MOST_CRASHES, Options, Stage};

/// What an intensity is about.
const PERIOD: Duration = Duration::from_secs(1);
/// How many restarts the pipeline bears for each one that a group does.
const GROUP: usize = 10;
/// How many restarts the top bears beside those by planned crashes.
const UNPLANNED: usize = 10;

/// The running tree.
pub(super) struct Tree {
    pub(super) top: SupervisorHandle,
    pub(super) archive: ArchiveHandle,
    pub(super) ingest: IngestHandle,
    /// What is shown of it.
    pub(super) shown: Branch,
}

/// A supervisor that is not started yet.
struct Group<E> {
    spec: Spec<Supervisor>,
    shown: Branch,
    /// Where lines come in.
    entrance: E,
}

impl Tree {
    /// Starts all of it. Nothing is sent yet.
    pub(super) fn start(
        system: &SystemRef,
        options: &Options,
        crashes: &Arc<CrashPlan>,
    ) -> Result<Tree, SpawnError> {
        let mut archive = system.spec::<Archive>(options.text.len()).name("archive");
        let archive_handle = archive.handle();
        let builder = Builder {
            system,
            options,
            crashes,
            archive: &archive_handle,
        };
        // From the back: whoever sends has to know whom it sends to. A spec has its handle before
        // anything starts, so they may start from the front.
        let aggregate = builder.aggregate();
        let parsers = builder.parsers(&aggregate.entrance);
        let pipeline = builder.pipeline(parsers, aggregate);

        let most = CrashPlan::most(options.text.len()).saturating_add(UNPLANNED);
        let plan = Supervisor::one_for_one()
            .intensity(most, PERIOD)
            .child(archive)
            .child(pipeline.spec);
        let top = system.spec::<Supervisor>(plan).name("top").spawn()?;
        let below = [
            Branch::worker("archive", None, &archive_handle),
            pipeline.shown,
        ];
        Ok(Tree {
            shown: Branch::supervisor("top", "one_for_one", &top, below),
            top,
            archive: archive_handle,
            ingest: pipeline.entrance,
        })
    }
}

struct Builder<'a> {
    system: &'a SystemRef,
    options: &'a Options,
    crashes: &'a Arc<CrashPlan>,
    archive: &'a ArchiveHandle,
}

impl Builder<'_> {
    fn pipeline(
        &self,
        parsers: Group<[ParserHandle; 2]>,
        aggregate: Group<ClerkHandle>,
    ) -> Group<IngestHandle> {
        let wiring = Wiring {
            text: self.options.text.clone(),
            crashes: Arc::clone(self.crashes),
            archive: self.archive.clone(),
            parsers: parsers.entrance,
            clerk: aggregate.entrance,
        };
        // One message makes up its life, so all crashes of ingest are crashes on that.
        let most = CrashPlan::most(self.options.text.len());
        let mut ingest = self
            .system
            .spec::<Ingest>(wiring)
            .name("ingest")
            .redeliver(u32::try_from(most).unwrap_or(u32::MAX));
        let entrance = ingest.handle();
        let plan = Supervisor::rest_for_one()
            .intensity(usize::from(self.options.intensity) * GROUP, PERIOD)
            .child(ingest)
            .child(parsers.spec)
            .child(aggregate.spec);
        let below = [
            Branch::worker("ingest", Some(Stage::Ingest), &entrance),
            parsers.shown,
            aggregate.shown,
        ];
        self.group("pipeline", "rest_for_one", plan, below, entrance)
    }

    fn parsers(&self, clerk: &ClerkHandle) -> Group<[ParserHandle; 2]> {
        let names = ["parser-1", "parser-2"];
        let mut parsers = names.map(|name| {
            let args = (Arc::clone(self.crashes), clerk.clone());
            let parser = self.system.spec::<Parser>(args).name(name);
            parser.redeliver(MOST_CRASHES)
        });
        let handles = parsers.each_mut().map(Spec::handle);
        let plan = self.bearing(Supervisor::one_for_one()).children(parsers);
        let below = [0, 1].map(|n| Branch::worker(names[n], Some(Stage::Parse), &handles[n]));
        self.group("parsers", "one_for_one", plan, below, handles)
    }

    fn aggregate(&self) -> Group<ClerkHandle> {
        let names = ["counter-a-to-m", "counter-rest"];
        let mut counters = names.map(|name| {
            let args = Arc::clone(self.crashes);
            self.system.spec::<Counter>(args).name(name)
        });
        let handles = counters.each_mut().map(Spec::handle);
        let desk = Desk {
            crashes: Arc::clone(self.crashes),
            archive: self.archive.clone(),
            counters: handles.clone(),
        };
        let mut clerk = self
            .system
            .spec::<Clerk>(desk)
            .name("clerk")
            .redeliver(MOST_CRASHES);
        let entrance = clerk.handle();
        let plan = self.bearing(Supervisor::one_for_all());
        let plan = plan.children(counters).child(clerk);
        let [first, rest] =
            [0, 1].map(|n| Branch::worker(names[n], Some(Stage::Aggregate), &handles[n]));
        let clerk = Branch::worker("clerk", Some(Stage::Aggregate), &entrance);
        let below = [first, rest, clerk];
        self.group("aggregate", "one_for_all", plan, below, entrance)
    }

    /// With the intensity of a group.
    fn bearing(&self, plan: Supervision) -> Supervision {
        plan.intensity(usize::from(self.options.intensity), PERIOD)
    }

    fn group<E>(
        &self,
        name: &'static str,
        strategy: &'static str,
        plan: Supervision,
        below: impl Into<Vec<Branch>>,
        entrance: E,
    ) -> Group<E> {
        let mut spec = self.system.spec::<Supervisor>(plan).name(name);
        let shown = Branch::supervisor(name, strategy, &spec.handle(), below);
        Group {
            spec,
            shown,
            entrance,
        }
    }
}
