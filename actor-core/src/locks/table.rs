//! All locks of a system, and who stands in which line.
//!
//! All is under one lock, and what changes a line leaves it settled: whoever is at its front and
//! fits beside the holders holds the lock, and the edges of those who wait lead to whom they wait
//! for. So no edge stands of a wait that is over when the one who ended it goes on. Whoever comes to
//! hold a lock is woken after that; its look takes the same lock, so no wake-up is lost.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use crate::graph::{Cycle, Target, Ticket, WaitGraph, Waiter};
use crate::id::ActorId;
use crate::rt::lock;
use crate::unwind::wake_contained;

use super::query::{LockInfo, LockOwner, Locks};

#[derive(Default)]
pub(crate) struct LockTable {
    last: AtomicU64,
    /// Those that somebody holds.
    locks: Mutex<BTreeMap<Arc<str>, Lock>>,
}

/// Somebody who wants a lock, waits for it or holds it.
pub(super) struct Slot {
    pub(super) name: Arc<str>,
    pub(super) shared: bool,
    pub(super) owner: LockOwner,
    pub(super) number: u64,
    /// The life that waits until it gets it; none where something else may end the wait.
    pub(super) patient: Option<Waiter>,
    /// Why it neither waits nor holds any more.
    lost: Mutex<Option<Lost>>,
}

/// Why somebody does not hold a lock.
#[derive(Clone)]
pub(super) enum Lost {
    Held(Vec<LockOwner>),
    TimedOut(Vec<LockOwner>),
    Deadlock(Cycle),
    Cancelled,
    Stolen(LockOwner),
}

/// How somebody enters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Entering {
    /// At the end of the line.
    InLine,
    /// Only if the lock is free.
    IfFree,
    /// In the place of whoever holds it.
    ByForce,
}

#[derive(Default)]
struct Lock {
    holders: Vec<Arc<Slot>>,
    line: VecDeque<InLine>,
}

struct InLine {
    slot: Arc<Slot>,
    target: Target,
    waker: Waker,
    ticket: Option<Ticket>,
    /// Whom the edge leads to.
    ends: Vec<ActorId>,
}

impl LockTable {
    pub(super) fn slot(
        &self,
        name: &Arc<str>,
        shared: bool,
        owner: LockOwner,
        patient: Option<Waiter>,
    ) -> Slot {
        Slot {
            name: Arc::clone(name),
            shared,
            owner,
            number: self.last.fetch_add(1, Ordering::Relaxed),
            patient,
            lost: Mutex::default(),
        }
    }

    /// Brings a slot into its lock, as its holder or into the line.
    pub(super) fn enter(
        &self,
        graph: &WaitGraph,
        slot: &Arc<Slot>,
        target: Target,
        entering: Entering,
    ) -> Result<(), Lost> {
        self.change(graph, &slot.name, |it| {
            // It may have been given up before it came here.
            if let Some(lost) = slot.lost() {
                return Err(lost);
            }
            match entering {
                Entering::IfFree if it.line.is_empty() && it.fits(slot) => {
                    it.holders.push(Arc::clone(slot));
                }
                Entering::IfFree => return Err(Lost::Held(it.owners())),
                Entering::ByForce => {
                    for robbed in std::mem::take(&mut it.holders) {
                        robbed.lose(Lost::Stolen(slot.owner.clone()));
                    }
                    it.holders.push(Arc::clone(slot));
                }
                Entering::InLine => it.line.push_back(InLine {
                    slot: Arc::clone(slot),
                    target,
                    waker: Waker::noop().clone(),
                    ticket: None,
                    ends: Vec::new(),
                }),
            }
            Ok(())
        })
    }

    /// Ready once the slot holds its lock, or does not wait for it any more.
    pub(super) fn poll(&self, slot: &Slot, waker: &Waker) -> Poll<Result<(), Lost>> {
        // A waker may be an executor's, so it is cloned and dropped outside the lock.
        let waker = waker.clone();
        let mut locks = lock(&self.locks);
        let found = locks.get_mut(&slot.name);
        let Some(it) = found.filter(|_| slot.lost().is_none()) else {
            return Poll::Ready(Err(slot.lost().unwrap_or(Lost::Cancelled)));
        };
        let Some(mine) = it.line.iter_mut().find(|one| one.slot.is(slot)) else {
            return Poll::Ready(Ok(()));
        };
        let old = std::mem::replace(&mut mine.waker, waker);
        drop(locks);
        drop(old);
        Poll::Pending
    }

    /// The slot waits no longer; false if it holds the lock.
    pub(super) fn give_up(
        &self,
        graph: &WaitGraph,
        slot: &Slot,
        why: impl FnOnce(Vec<LockOwner>) -> Lost,
    ) -> bool {
        self.change(graph, &slot.name, |it| {
            if it.holders.iter().any(|holder| holder.is(slot)) {
                return false;
            }
            slot.lose(why(it.owners()));
            true
        })
    }

    /// The slot neither holds the lock nor waits for it any longer; whether it held it.
    pub(super) fn leave(&self, graph: &WaitGraph, slot: &Slot) -> bool {
        self.change(graph, &slot.name, |it| {
            slot.lose(Lost::Cancelled);
            it.holders.extract_if(.., |holder| holder.is(slot)).count() > 0
        })
    }

    pub(super) fn holds(&self, slot: &Slot) -> bool {
        let locks = lock(&self.locks);
        let found = locks.get(&slot.name);
        found.is_some_and(|it| it.holders.iter().any(|holder| holder.is(slot)))
    }

    pub(super) fn query(&self) -> Locks {
        let locks = lock(&self.locks);
        let mut all = Locks::default();
        for it in locks.values() {
            all.held.extend(it.holders.iter().map(|slot| slot.info()));
            all.pending
                .extend(it.line.iter().map(|one| one.slot.info()));
        }
        all
    }

    /// Changes a lock, settles it, and wakes whoever waits no longer.
    fn change<T>(
        &self,
        graph: &WaitGraph,
        name: &Arc<str>,
        change: impl FnOnce(&mut Lock) -> T,
    ) -> T {
        let mut locks = lock(&self.locks);
        let it = locks.entry(Arc::clone(name)).or_default();
        let changed = change(it);
        let mut over = Vec::new();
        it.settle(graph, &mut over);
        if it.holders.is_empty() {
            locks.remove(name);
        }
        drop(locks);
        over.into_iter().for_each(|one| wake_contained(one.waker));
        changed
    }
}

impl Lock {
    /// Whether a slot may hold it beside those that do.
    fn fits(&self, slot: &Slot) -> bool {
        !self.holders.iter().any(|holder| holder.excludes(slot))
    }

    fn owners(&self) -> Vec<LockOwner> {
        let holders = self.holders.iter();
        holders.map(|holder| holder.owner.clone()).collect()
    }

    /// Leaves nobody in line who lost its place, could hold the lock, or would wait for ever.
    fn settle(&mut self, graph: &WaitGraph, over: &mut Vec<InLine>) {
        let gone = over.len();
        loop {
            over.extend(extract(&mut self.line, |one| one.slot.lost().is_some()));
            while let Some(first) = self.line.front()
                && self.fits(&first.slot)
            {
                self.holders.push(Arc::clone(&first.slot));
                over.extend(self.line.pop_front());
            }
            for one in &mut over[gone..] {
                one.ticket
                    .take()
                    .into_iter()
                    .for_each(|ticket| graph.settle(ticket));
            }
            if self.point(graph) {
                return;
            }
        }
    }

    /// Leads the edges to whom each waits for; false if one that waits for itself by that has lost
    /// its place.
    fn point(&mut self, graph: &WaitGraph) -> bool {
        for place in 0..self.line.len() {
            let ends = self.ends(place);
            let one = &mut self.line[place];
            let Some(waiter) = one.slot.patient.as_ref().filter(|_| one.ends != ends) else {
                continue;
            };
            one.ticket
                .take()
                .into_iter()
                .for_each(|ticket| graph.settle(ticket));
            let step = format!("lock {}", one.slot.name);
            match graph.wait_for_all(waiter, &ends, &step, Some(one.target.clone())) {
                Ok(ticket) => (one.ticket, one.ends) = (ticket, ends),
                Err(cycle) => {
                    one.slot.lose(Lost::Deadlock(cycle));
                    return false;
                }
            }
        }
        true
    }

    /// Whom the one at this place waits for: those who hold the lock and exclude it, and whoever is
    /// the next before it, excludes it, and is as patient, for that one waits for the rest. Who may
    /// leave the line by itself is nobody to wait for.
    fn ends(&self, place: usize) -> Vec<ActorId> {
        let me = &self.line[place].slot;
        let before = self.line.range(..place).rev().map(|one| &one.slot);
        let mut patient = before.filter(|one| one.patient.is_some());
        let next = patient.find(|one| one.excludes(me));
        // Who shares the lock with nobody waits for all who hold it.
        let holders: &[_] = match next.is_some_and(|next| !next.shared) {
            true => &[],
            false => &self.holders,
        };
        let holders = holders.iter().filter(|holder| holder.excludes(me));
        let ends = next.into_iter().chain(holders);
        ends.filter_map(|slot| slot.owner.id()).collect()
    }
}

/// What leaves the line.
fn extract(line: &mut VecDeque<InLine>, leaves: impl Fn(&InLine) -> bool) -> Vec<InLine> {
    let (gone, stay) = std::mem::take(line)
        .into_iter()
        .partition::<Vec<_>, _>(leaves);
    *line = stay.into();
    gone
}

impl Slot {
    fn is(&self, other: &Slot) -> bool {
        self.number == other.number
    }

    fn excludes(&self, other: &Slot) -> bool {
        !(self.shared && other.shared)
    }

    /// Under the table's lock, as all that follows from it.
    fn lose(&self, why: Lost) {
        lock(&self.lost).get_or_insert(why);
    }

    pub(super) fn lost(&self) -> Option<Lost> {
        lock(&self.lost).clone()
    }

    fn info(&self) -> LockInfo {
        LockInfo {
            name: self.name.to_string(),
            shared: self.shared,
            owner: self.owner.clone(),
        }
    }
}
