//! One to all others: channels by name within a system.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use crate::rt::{Rt, lock};
use crate::system::SystemRef;

use super::error::{PostErrorKind, RecvError};
use super::lane::{CAPACITY, Lane};
use super::lease::{Intake, Source};
use super::message_port::{post_until, recv_until, try_recv};

/// The channels of a system that have members.
#[derive(Default)]
pub(crate) struct Broadcasts {
    hubs: Mutex<BTreeMap<String, Weak<dyn Any + Send + Sync>>>,
}

/// A member of a broadcast: what it posts, every other member of that name gets, each a clone of its
/// own. Node's `BroadcastChannel`, within a system, and typed.
///
/// Each member has a bound of its own, 1024 values. Who posts chooses what becomes of a member that
/// is full: [`post`](Self::post) waits for it, [`post_lossy`](Self::post_lossy) leaves it out, counts
/// that ([`lost`](Self::lost)) and says so. A member that is closed or dropped gets nothing more, and
/// what waited for it is dropped.
///
/// ```
/// # let system = actor_core::System::new("news")?;
/// let speaker = system.broadcast::<&str>("news")?;
/// let listeners = [system.broadcast::<&str>("news")?, system.broadcast::<&str>("news")?];
/// assert_eq!(speaker.post("rain"), 2);
/// for listener in &listeners { assert_eq!(listener.recv()?, "rain") }
/// assert!(speaker.try_recv().is_err()); // nothing comes back to oneself
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct BroadcastChannel<T> {
    member: Arc<Member<T>>,
}

struct Hub<T> {
    name: String,
    last: AtomicU64,
    seats: Mutex<BTreeMap<u64, Arc<Seat<T>>>>,
}

/// What others know of a member.
struct Seat<T> {
    lane: Arc<Lane<T>>,
    lost: AtomicU64,
}

/// What owns a seat: a channel, and a life that it is attached to.
struct Member<T> {
    hub: Arc<Hub<T>>,
    number: u64,
    seat: Arc<Seat<T>>,
}

/// What a lossy post came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Posted {
    /// How many members get it.
    pub delivered: usize,
    /// How many were full and do not.
    pub lost: usize,
}

/// A broadcast whose members hold values of another type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the broadcast {name:?} has members that take other values: use another name")]
pub struct BroadcastError {
    name: String,
}

impl SystemRef {
    /// Joins the broadcast of that name.
    ///
    /// # Errors
    /// If it has members whose values are of another type.
    pub fn broadcast<T: Clone + Send + 'static>(
        &self,
        name: &str,
    ) -> Result<BroadcastChannel<T>, BroadcastError> {
        let hub = self.kernel().broadcasts.hub(name)?;
        let number = hub.last.fetch_add(1, Ordering::Relaxed);
        let seat = Arc::new(Seat {
            lane: Arc::new(Lane::new(Some(CAPACITY))),
            lost: AtomicU64::new(0),
        });
        lock(&hub.seats).insert(number, Arc::clone(&seat));
        Ok(BroadcastChannel {
            member: Arc::new(Member { hub, number, seat }),
        })
    }
}

impl Broadcasts {
    fn hub<T: Send + 'static>(&self, name: &str) -> Result<Arc<Hub<T>>, BroadcastError> {
        let mut hubs = lock(&self.hubs);
        if let Some(hub) = hubs.get(name).and_then(Weak::upgrade) {
            let name = name.to_owned();
            return hub.downcast().map_err(|_| BroadcastError { name });
        }
        // Those that nobody is a member of any more.
        hubs.retain(|_, hub| hub.strong_count() > 0);
        let hub = Arc::new(Hub {
            name: name.to_owned(),
            last: AtomicU64::new(0),
            seats: Mutex::default(),
        });
        let any: Arc<dyn Any + Send + Sync> = Arc::<Hub<T>>::clone(&hub);
        hubs.insert(name.to_owned(), Arc::downgrade(&any));
        Ok(hub)
    }
}

impl<T: Clone + Send + 'static> BroadcastChannel<T> {
    /// The name of the broadcast.
    pub fn name(&self) -> &str {
        &self.member.hub.name
    }

    /// Gives the value to every other member, and waits for those that are full. Returns how many
    /// get it. A closed member posts to nobody. A member whose actor waits for the poster is left out
    /// where waiting would be a deadlock; that counts as [`lost`](Self::lost).
    pub fn post(&self, value: T) -> usize {
        let mut delivered = 0;
        for seat in self.others() {
            match post_until(&seat.lane, value.clone(), None) {
                Ok(()) => delivered += 1,
                Err(error) if error.kind() == PostErrorKind::Deadlock => {
                    seat.lost.fetch_add(1, Ordering::Relaxed);
                }
                // Closed meanwhile.
                Err(_) => {}
            }
        }
        delivered
    }

    /// Gives the value to every other member that has room for it; never waits.
    ///
    /// ```
    /// # let system = actor_core::System::new("news")?;
    /// let speaker = system.broadcast::<u32>("news")?;
    /// let slow = system.broadcast::<u32>("news")?;
    /// let lost: usize = (0..2_000).map(|n| speaker.post_lossy(n).lost).sum();
    /// assert_eq!((lost, slow.lost()), (976, 976));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn post_lossy(&self, value: T) -> Posted {
        Rt::current().point();
        let mut posted = Posted {
            delivered: 0,
            lost: 0,
        };
        for seat in self.others() {
            match seat.lane.push(value.clone()) {
                Ok(()) => posted.delivered += 1,
                // Closed this moment.
                Err(_) if seat.lane.is_closed() => {}
                Err(_) => {
                    seat.lost.fetch_add(1, Ordering::Relaxed);
                    posted.lost += 1;
                }
            }
        }
        posted
    }

    fn others(&self) -> Vec<Arc<Seat<T>>> {
        if self.member.seat.lane.is_closed() {
            return Vec::new();
        }
        let seats = lock(&self.member.hub.seats);
        let others = seats
            .iter()
            .filter(|(number, _)| **number != self.member.number);
        others.map(|(_, seat)| Arc::clone(seat)).collect()
    }

    /// Receives the next value; blocks until there is one.
    ///
    /// # Errors
    /// [`RecvError::Closed`] once this member is closed.
    pub fn recv(&self) -> Result<T, RecvError> {
        recv_until(&self.member.seat.lane, None)
    }

    /// Receives the next value; blocks for `timeout` at most.
    ///
    /// # Errors
    /// [`RecvError::Timeout`] if none came in time, [`RecvError::Closed`] once this member is closed.
    pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvError> {
        recv_until(&self.member.seat.lane, Rt::current().after(timeout))
    }

    /// Receives the next value if there is one; never blocks.
    ///
    /// # Errors
    /// [`RecvError::Empty`] if there is none, [`RecvError::Closed`] once this member is closed.
    pub fn try_recv(&self) -> Result<T, RecvError> {
        try_recv(&self.member.seat.lane)
    }

    /// How many values this member has missed because it was full, and whoever posted did not wait,
    /// or could not.
    pub fn lost(&self) -> u64 {
        self.member.seat.lost.load(Ordering::Relaxed)
    }

    /// Leaves the broadcast: nothing more comes, and what waited is dropped. It may be called again.
    pub fn close(&self) {
        Rt::current().point();
        self.member.leave();
    }
}

impl<T> Member<T> {
    fn leave(&self) {
        let seat = lock(&self.hub.seats).remove(&self.number);
        drop(seat);
        self.seat.lane.abandon();
    }
}

impl<T> Drop for Member<T> {
    fn drop(&mut self) {
        self.leave();
    }
}

impl<T: Send + 'static> Source for BroadcastChannel<T> {
    type Item = T;

    fn intake(&self) -> Intake<T> {
        Intake {
            lane: Arc::clone(&self.member.seat.lane),
            owner: Arc::<Member<T>>::clone(&self.member),
        }
    }
}

impl<T> fmt::Debug for BroadcastChannel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BroadcastChannel")
            .field("name", &self.member.hub.name)
            .field("waiting", &self.member.seat.lane.len())
            .finish_non_exhaustive()
    }
}
