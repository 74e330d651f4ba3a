//! The tasks that wait in a pool, and who takes which next.
//!
//! Plain tasks wait in the order in which they came, where the messages of any actor wait. The rest
//! have a rank: the place, among all, at which they came, less what their priority is worth. So a task is
//! overtaken only by those of higher priority that came within so many places behind it, and nobody
//! starves. A task with a key belongs to the worker that took the first of that key, and waits in
//! that one's line.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::crowd::Crowd;
use crate::envelope::Envelope;
use crate::graph::{Cycle, Ticket, WaitGraph};
use crate::id::ActorId;
use crate::mailbox::Mailbox;
use crate::protocol::Protocol;

use super::histograms::Histograms;
use super::member::{Counts, Member, Times};
use super::task::Cut;

/// How many places in the queue a priority of 1 is worth.
const PLACES: i64 = 64;

/// The place in the order: the smallest is next. The number, by arrival, keeps equal places apart.
pub(crate) type Rank = (i64, u64);

/// What a worker finds.
pub(super) enum Next<M: Protocol> {
    Task(Envelope<M>),
    /// A question that is refused, before anybody has begun with it.
    Refused(Envelope<M>, Cycle),
}

impl<M: Protocol> Next<M> {
    /// A worker begins with it, unless it was refused before.
    pub(super) fn begun_by(self, worker: ActorId, graph: &WaitGraph) -> Self {
        let Next::Task(envelope) = self else {
            return self;
        };
        let ticket = envelope.ticket();
        match ticket.and_then(|ticket| graph.taken_by(ticket, worker)) {
            Some(cycle) => Next::Refused(envelope, cycle),
            None => Next::Task(envelope),
        }
    }
}

/// Which of the waiting tasks is next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Order {
    /// The one that came first.
    #[default]
    Fifo,
    /// The one that came last: for tasks whose callers give up after a while, so that those are
    /// served who still wait. The others may wait for ever.
    Lifo,
}

pub(crate) struct Queue<M: Protocol> {
    order: Order,
    /// After how many tasks a worker's life ends.
    pub(super) recycle: Option<u64>,
    /// How many tasks have come.
    arrived: u64,
    /// How many of those wait where the messages of any actor wait, or did.
    plain: u64,
    /// From which of the plain ones on so many others had come before.
    before: VecDeque<(u64, u64)>,
    last_delayed: u64,
    ranked: BTreeMap<Rank, Envelope<M>>,
    /// To be tried again later, by number.
    pub(super) delayed: BTreeMap<u64, Envelope<M>>,
    pub(super) members: BTreeMap<ActorId, Member<M>>,
    /// How many lives the front knows of that run.
    pub(super) expected: usize,
    /// How many tasks the lives took that have left.
    pub(super) departed: BTreeMap<ActorId, u64>,
    /// Which worker has which key.
    keys: BTreeMap<u64, ActorId>,
    /// How long a task that was cut may take to come to an end.
    pub(super) grace: Duration,
    pub(super) counts: Counts,
    pub(super) histograms: Histograms,
    /// Of those that have left.
    times: Times,
}

impl<M: Protocol> Queue<M> {
    pub(super) fn new(order: Order, recycle: Option<u64>, grace: Duration) -> Self {
        Queue {
            order,
            recycle,
            arrived: 0,
            plain: 0,
            before: VecDeque::from([(0, 0)]),
            last_delayed: 0,
            ranked: BTreeMap::new(),
            delayed: BTreeMap::new(),
            members: BTreeMap::new(),
            expected: 0,
            departed: BTreeMap::new(),
            keys: BTreeMap::new(),
            grace,
            counts: Counts::default(),
            histograms: Histograms::default(),
            times: Times::default(),
        }
    }

    pub(super) fn is_lifo(&self) -> bool {
        self.order == Order::Lifo
    }

    /// Takes in what has come to the mailbox.
    pub(crate) fn arrive(&mut self, taken: &mut VecDeque<Envelope<M>>, mailbox: &Mailbox<M>) {
        if self.is_lifo() {
            let mut new = VecDeque::new();
            mailbox.take(&mut new);
            return new.into_iter().for_each(|envelope| self.place(envelope));
        }
        let before = taken.len();
        mailbox.take(taken);
        let new = u64::try_from(taken.len() - before).unwrap_or_default();
        self.arrived += new;
        self.plain += new;
    }

    /// Puts a task where it belongs in the order: one that comes again, where it was.
    pub(super) fn place(&mut self, envelope: Envelope<M>) {
        let task = envelope.task.as_ref();
        let rank = match task.and_then(|task| task.rank()) {
            Some(rank) => rank,
            None => self.rank(task.map_or(0, |task| task.options.priority)),
        };
        if let Some(task) = task {
            task.set_rank(rank);
        }
        self.ranked.insert(rank, envelope);
    }

    /// The rank of a task that comes now.
    fn rank(&mut self, priority: i32) -> Rank {
        let number = self.arrived;
        self.arrived += 1;
        match self.before.back_mut() {
            Some((from, others)) if *from == self.plain => *others += 1,
            last => {
                let others = last.map_or(0, |(_, others)| *others);
                self.before.push_back((self.plain, others + 1));
            }
        }
        let place = place(number);
        let place = match self.order {
            Order::Fifo => place,
            Order::Lifo => -place,
        };
        let worth = i64::from(priority) * PLACES;
        (place.saturating_sub(worth), number)
    }

    /// The number, by arrival, of the first of the plain tasks that wait.
    fn first_plain(&mut self, waiting: usize) -> Option<u64> {
        let waiting = u64::try_from(waiting).ok().filter(|waiting| *waiting > 0)?;
        let first = self.plain.saturating_sub(waiting);
        while self.before.get(1).is_some_and(|(from, _)| *from <= first) {
            self.before.pop_front();
        }
        let others = self.before.front().map_or(0, |(_, others)| *others);
        Some(first + others)
    }

    /// The task that the worker is to do next. Whoever finds something in its line by that is
    /// called.
    pub(super) fn next(
        &mut self,
        taken: &mut VecDeque<Envelope<M>>,
        worker: ActorId,
        crowd: &Crowd,
        graph: &WaitGraph,
    ) -> Option<Next<M>> {
        loop {
            let plain = self.first_plain(taken.len());
            let plain = plain.map(|number| (place(number), number));
            let ranked = self.ranked.first_key_value().map(|(rank, _)| *rank);
            let member = self.members.get_mut(&worker)?;
            let own = member.line.first_key_value().map(|(rank, _)| *rank);
            let next = plain.into_iter().chain(ranked).chain(own).min()?;
            if own == Some(next) {
                return member.line.pop_first().map(|(_, own)| Next::Task(own));
            }
            if plain == Some(next) {
                return taken.pop_front().map(Next::Task);
            }
            let (rank, envelope) = self.ranked.pop_first()?;
            let key = envelope.task.as_ref().and_then(|task| task.options.key);
            let Some(key) = key else {
                return Some(Next::Task(envelope));
            };
            let owner = *self.keys.entry(key).or_insert(worker);
            match self.members.get_mut(&owner) {
                Some(other) if owner != worker => {
                    let ticket = envelope.ticket();
                    let refused = ticket.and_then(|ticket| graph.line_up(ticket, owner));
                    if let Some(refused) = refused {
                        return Some(Next::Refused(envelope, refused.cycle));
                    }
                    other.line.insert(rank, envelope);
                    crowd.call_worker(owner);
                }
                _ => {
                    let member = self.members.get_mut(&worker)?;
                    if !member.keys.contains(&key) {
                        member.keys.push(key);
                    }
                    return Some(Next::Task(envelope));
                }
            }
        }
    }

    /// Puts a plain task back before all others, or one that has a rank at its place.
    pub(super) fn put_back(&mut self, taken: &mut VecDeque<Envelope<M>>, envelope: Envelope<M>) {
        match envelope.task.is_some() || self.is_lifo() {
            true => self.place(envelope),
            false => taken.push_front(envelope),
        }
    }

    /// Whether a worker is about to look for its first task.
    pub(super) fn expects(&self) -> bool {
        let looked = self.members.values().filter(|member| member.looked);
        looked.count() < self.expected
    }

    /// Whether some task waits that any worker may take. What has come to the mailbox is not
    /// counted.
    pub(super) fn has_common(&self) -> bool {
        !self.ranked.is_empty()
    }

    /// Takes a worker out. Its keys are anybody's again, and so is what waits in its line: whoever
    /// asked that waits for the pool.
    pub(super) fn remove(
        &mut self,
        worker: ActorId,
        life: u64,
        now: Instant,
        wait_for_pool: impl FnMut(Ticket),
    ) -> Option<Member<M>> {
        if self.members.get(&worker)?.life != life {
            return None;
        }
        let mut member = self.members.remove(&worker)?;
        for key in &member.keys {
            self.keys.remove(key);
        }
        let asked = member.line.values();
        let tickets = asked.filter_map(Envelope::ticket);
        tickets.for_each(wait_for_pool);
        self.ranked.append(&mut member.line);
        self.departed.insert(worker, member.taken);
        self.times += member.times(now);
        Some(member)
    }

    /// All tasks that wait here.
    pub(crate) fn drain(&mut self) -> Vec<Envelope<M>> {
        let ranked = std::mem::take(&mut self.ranked).into_values();
        let delayed = std::mem::take(&mut self.delayed).into_values();
        let mut all: Vec<_> = ranked.chain(delayed).collect();
        for member in self.members.values_mut() {
            all.extend(std::mem::take(&mut member.line).into_values());
        }
        all
    }

    /// Takes out the task that came first, wherever it waits.
    pub(crate) fn oldest(&mut self, taken: &mut VecDeque<Envelope<M>>) -> Option<Envelope<M>> {
        let plain = self.first_plain(taken.len());
        let ranks = self.members.values().flat_map(|member| member.line.keys());
        let waiting = self.ranked.keys().chain(ranks).copied();
        let delayed = self.delayed.values();
        let delayed = delayed.filter_map(|envelope| envelope.task.as_ref()?.rank());
        let ranked = waiting.chain(delayed).map(|(_, number)| number).min();
        if plain.is_some_and(|plain| ranked.is_none_or(|ranked| plain < ranked)) {
            return taken.pop_front();
        }
        let (line, rank) = self
            .lines()
            .find_map(|line| {
                let rank = *line.keys().find(|(_, number)| Some(*number) == ranked)?;
                Some((line, rank))
            })
            .unzip();
        if let (Some(line), Some(rank)) = (line, rank) {
            return line.remove(&rank);
        }
        self.withdraw(|envelope| {
            let rank = envelope.task.as_ref().and_then(|task| task.rank());
            rank.is_some_and(|(_, number)| Some(number) == ranked)
        })
    }

    /// Where ranked tasks wait.
    fn lines(&mut self) -> impl Iterator<Item = &mut BTreeMap<Rank, Envelope<M>>> {
        lines(&mut self.ranked, &mut self.members)
    }

    /// All tasks that wait here.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Envelope<M>> {
        let ranked = lines(&mut self.ranked, &mut self.members).flat_map(BTreeMap::values_mut);
        ranked.chain(self.delayed.values_mut())
    }

    /// Takes out the first task that is looked for.
    pub(crate) fn withdraw(
        &mut self,
        wanted: impl Fn(&Envelope<M>) -> bool,
    ) -> Option<Envelope<M>> {
        for line in self.lines() {
            let rank = line.iter().find(|(_, envelope)| wanted(envelope));
            if let Some(rank) = rank.map(|(rank, _)| *rank) {
                return line.remove(&rank);
            }
        }
        let number = self.delayed.iter().find(|(_, envelope)| wanted(envelope));
        let number = number.map(|(number, _)| *number)?;
        self.delayed.remove(&number)
    }

    /// Keeps a task for later, by a number.
    pub(super) fn delay(&mut self, envelope: Envelope<M>) -> u64 {
        self.last_delayed += 1;
        self.delayed.insert(self.last_delayed, envelope);
        self.last_delayed
    }

    pub(super) fn busy(&self) -> usize {
        self.members.values().filter(|member| member.busy).count()
    }

    pub(super) fn times(&self, now: Instant) -> Times {
        let mut times = self.times;
        for member in self.members.values() {
            times += member.times(now);
        }
        times
    }

    pub(super) fn count_cut(&mut self, why: Cut) {
        match why {
            Cut::Cancelled => self.counts.cancelled += 1,
            Cut::TimedOut => self.counts.timed_out += 1,
        }
    }
}

/// The place of the task with this number, by arrival.
fn place(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Where ranked tasks wait: in the common line, or in that of one worker.
fn lines<'a, M: Protocol>(
    ranked: &'a mut BTreeMap<Rank, Envelope<M>>,
    members: &'a mut BTreeMap<ActorId, Member<M>>,
) -> impl Iterator<Item = &'a mut BTreeMap<Rank, Envelope<M>>> {
    let of_members = members.values_mut().map(|member| &mut member.line);
    std::iter::once(ranked).chain(of_members)
}
