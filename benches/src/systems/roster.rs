//! What a system can do, and why it cannot do the rest.

use std::collections::BTreeMap;

use super::{Carrying, Counting, Holding, Pooling, Ringing, Supervised};
use crate::measure::{Measured, Scale};
use crate::workloads::{ask, growth, life, memory, pool, published, ring, tell};

type Run = Box<dyn Fn(Scale) -> Vec<Measured>>;

/// What a system is to the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ours,
    /// This library in another setting.
    Variant,
    Peer,
    /// What the machine can do at best.
    Limit,
}

/// Whether a system can do a workload.
pub(crate) enum Ability {
    Can(Run),
    /// With the reason.
    Cannot(&'static str),
}

pub(crate) struct System {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// How it is used here.
    pub(crate) about: &'static str,
    abilities: BTreeMap<&'static str, Ability>,
}

impl System {
    pub(crate) fn new(name: &'static str, kind: Kind, about: &'static str) -> System {
        System {
            name,
            kind,
            about,
            abilities: BTreeMap::new(),
        }
    }

    pub(crate) fn ability(&self, workload: &str) -> Option<&Ability> {
        self.abilities.get(workload)
    }

    #[cfg(test)]
    pub(crate) fn workloads(&self) -> impl Iterator<Item = &'static str> {
        self.abilities.keys().copied()
    }

    pub(crate) fn can(
        mut self,
        workload: &'static str,
        run: impl Fn(Scale) -> Vec<Measured> + 'static,
    ) -> System {
        self.abilities.insert(workload, Ability::Can(Box::new(run)));
        self
    }

    pub(crate) fn cannot<const N: usize>(
        mut self,
        workloads: [&'static str; N],
        reason: &'static str,
    ) -> System {
        for workload in workloads {
            self.abilities.insert(workload, Ability::Cannot(reason));
        }
        self
    }

    pub(crate) fn counting<P: Counting>(self) -> System {
        self.can("tell", tell::run::<P, 1>)
            .can("tell-4", tell::run::<P, 4>)
            .can("ask", ask::from_thread::<P>)
            .can("ask-64", ask::many::<P>)
            .can("ask-disturbed", ask::disturbed::<P>)
            .can("ask-beside-long-handlers", ask::beside_long_handlers::<P>)
            .can("spawn", life::spawn::<P>)
            .can("idle", life::idle::<P>)
            .can("ticking", life::ticking::<P>)
            .can("creation", life::creation::<P>)
            .can("send-zst", published::send_zst::<P>)
            .can("tell-100-actors", published::tell_100::<P>)
            .can("growth-live", growth::live::<P>)
    }

    /// Its actors, and whoever asks them, may be tasks of one runtime.
    pub(crate) fn inside<P: Counting>(self) -> System {
        self.can("ask-from-inside", ask::from_inside::<P>)
    }

    pub(crate) fn holding<P: Holding>(self) -> System {
        self.can("growth-queued", growth::queued::<P>)
    }

    pub(crate) fn ringing<P: Ringing>(self) -> System {
        self.can("ring", ring::run::<P>)
            .can("circular", ring::circular::<P>)
            .can("spawn-and-tear-down", ring::spawn_and_tear_down::<P>)
    }

    pub(crate) fn supervised<P: Supervised>(self) -> System {
        self.can("crash", life::crash::<P>)
    }

    pub(crate) fn carrying<P: Carrying>(self) -> System {
        self.can("transfer", memory::run::<P>)
    }

    pub(crate) fn pooling<P: Pooling>(self) -> System {
        self.can("pool", pool::tiny::<P>)
            .can("factory", pool::factory::<P>)
            .can("primes", pool::primes::<P>)
            .can("images", pool::images::<P>)
    }
}
