//! Memory that actors and threads share: Node's `SharedArrayBuffer` with `Atomics`.

mod parking;
mod wait_async;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{
    AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicU8, AtomicU16, AtomicU32, AtomicU64,
    Ordering::SeqCst,
};
use std::time::{Duration, Instant};

use crate::rt::{IdleStrategy, Rt};
use parking::Parking;
pub use wait_async::WaitAsync;

/// A number that a [`SharedArray`] can hold: `i8` to `i64` and `u8` to `u64`.
pub trait Shareable: Copy + Eq + fmt::Debug + Send + Sync + sealed::Sealed + 'static {
    #[doc(hidden)]
    type Atomic: sealed::Cell<Self> + Send + Sync;
}

#[allow(unnameable_types, reason = "nobody else is to implement them")]
mod sealed {
    /// Only the numbers of std's atomics.
    pub trait Sealed {}

    /// What the atomics of std have in common.
    pub trait Cell<T> {
        fn new(value: T) -> Self;
        fn load(&self) -> T;
        fn store(&self, value: T);
        fn swap(&self, value: T) -> T;
        fn add(&self, value: T) -> T;
        fn sub(&self, value: T) -> T;
        fn and(&self, value: T) -> T;
        fn or(&self, value: T) -> T;
        fn xor(&self, value: T) -> T;
        fn compare_exchange(&self, expected: T, value: T) -> Result<T, T>;
    }
}

use sealed::Cell;

macro_rules! shareable {
    ($($number:ty => $atomic:ty),+ $(,)?) => {$(
        impl sealed::Sealed for $number {}
        impl Shareable for $number {
            type Atomic = $atomic;
        }
        impl Cell<$number> for $atomic {
            fn new(value: $number) -> Self { <$atomic>::new(value) }
            fn load(&self) -> $number { <$atomic>::load(self, SeqCst) }
            fn store(&self, value: $number) { <$atomic>::store(self, value, SeqCst) }
            fn swap(&self, value: $number) -> $number { <$atomic>::swap(self, value, SeqCst) }
            fn add(&self, value: $number) -> $number { self.fetch_add(value, SeqCst) }
            fn sub(&self, value: $number) -> $number { self.fetch_sub(value, SeqCst) }
            fn and(&self, value: $number) -> $number { self.fetch_and(value, SeqCst) }
            fn or(&self, value: $number) -> $number { self.fetch_or(value, SeqCst) }
            fn xor(&self, value: $number) -> $number { self.fetch_xor(value, SeqCst) }
            fn compare_exchange(&self, expected: $number, value: $number) -> Result<$number, $number> {
                <$atomic>::compare_exchange(self, expected, value, SeqCst, SeqCst)
            }
        }
    )+};
}

shareable! {
    i8 => AtomicI8, i16 => AtomicI16, i32 => AtomicI32, i64 => AtomicI64,
    u8 => AtomicU8, u16 => AtomicU16, u32 => AtomicU32, u64 => AtomicU64,
}

/// An array of numbers that actors and threads share, each changed in one piece: Node's
/// `SharedArrayBuffer` and `Atomics` in one.
///
/// A clone is another reference to the same memory, which lasts as long as any of them does, also
/// after the actor that made it has gone. All operations are sequentially consistent, as in
/// JavaScript; additions wrap around.
///
/// ```
/// use actor_core::SharedArray;
///
/// let counters = SharedArray::<u64>::new(2);
/// std::thread::scope(|scope| {
///     for _ in 0..4 {
///         scope.spawn(|| (0..1000).for_each(|_| { counters.add(0, 1); }));
///     }
/// });
/// assert_eq!(counters.load(0), 4000);
/// ```
///
/// # Panics
/// All operations panic if the index is out of bounds, and name the caller.
pub struct SharedArray<T: Shareable> {
    inner: Arc<Inner<T>>,
}

struct Inner<T: Shareable> {
    cells: Box<[T::Atomic]>,
    parking: Parking,
}

/// How a [`wait`](SharedArray::wait) ended: what `Atomics.wait` returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// Another called [`notify`](SharedArray::notify).
    Notified,
    /// The value was another than expected, so there was nothing to wait for.
    NotEqual,
    /// The time was over.
    TimedOut,
}

impl<T: Shareable> SharedArray<T> {
    /// An array of `length` zeroes.
    pub fn new(length: usize) -> Self
    where
        T: Default,
    {
        (0..length).map(|_| T::default()).collect()
    }

    /// How many numbers it has.
    pub fn len(&self) -> usize {
        self.inner.cells.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[track_caller]
    fn at(&self, index: usize) -> &T::Atomic {
        let Some(cell) = self.inner.cells.get(index) else {
            panic!(
                "index {index} is out of bounds: the shared array has {} numbers",
                self.len()
            );
        };
        cell
    }

    /// Where a thread looks, perhaps until it finds what it waits for.
    #[track_caller]
    fn looked_at(&self, index: usize) -> &T::Atomic {
        Rt::current().glance();
        self.at(index)
    }

    #[track_caller]
    fn changed_at(&self, index: usize) -> &T::Atomic {
        Rt::current().point();
        self.at(index)
    }

    /// The number there.
    #[track_caller]
    pub fn load(&self, index: usize) -> T {
        self.looked_at(index).load()
    }

    /// Puts a number there.
    #[track_caller]
    pub fn store(&self, index: usize, value: T) {
        self.changed_at(index).store(value);
    }

    /// Puts a number there, and returns the one before.
    #[track_caller]
    pub fn exchange(&self, index: usize, value: T) -> T {
        self.changed_at(index).swap(value)
    }

    /// Puts `value` there if `expected` is there. Returns what was there: as an error, if it was
    /// another.
    ///
    /// # Errors
    /// What is there instead.
    #[track_caller]
    pub fn compare_exchange(&self, index: usize, expected: T, value: T) -> Result<T, T> {
        self.looked_at(index).compare_exchange(expected, value)
    }

    /// Adds, and returns the number before.
    #[track_caller]
    pub fn add(&self, index: usize, value: T) -> T {
        self.changed_at(index).add(value)
    }

    /// Subtracts, and returns the number before.
    #[track_caller]
    pub fn sub(&self, index: usize, value: T) -> T {
        self.changed_at(index).sub(value)
    }

    /// Keeps the bits that `value` has too, and returns the number before.
    #[track_caller]
    pub fn and(&self, index: usize, value: T) -> T {
        self.changed_at(index).and(value)
    }

    /// Sets the bits of `value`, and returns the number before.
    #[track_caller]
    pub fn or(&self, index: usize, value: T) -> T {
        self.changed_at(index).or(value)
    }

    /// Flips the bits of `value`, and returns the number before.
    #[track_caller]
    pub fn xor(&self, index: usize, value: T) -> T {
        self.changed_at(index).xor(value)
    }

    /// All numbers, each read on its own.
    pub fn to_vec(&self) -> Vec<T> {
        self.inner.cells.iter().map(Cell::load).collect()
    }

    /// Blocks the thread until somebody [notifies](Self::notify) this place, if `expected` is there
    /// now. To look and to wait is one step: a change that is followed by a notification is not
    /// missed. Node's `Atomics.wait`.
    ///
    /// ```
    /// use actor_core::{SharedArray, Waited};
    ///
    /// let ready = SharedArray::<u32>::new(1);
    /// let there = ready.clone();
    /// let other = std::thread::spawn(move || {
    ///     while there.load(0) == 0 { there.wait(0, 0); }
    ///     there.load(0)
    /// });
    /// ready.store(0, 7);
    /// ready.notify(0, usize::MAX);
    /// assert_eq!(other.join().unwrap(), 7);
    /// assert_eq!(ready.wait(0, 0), Waited::NotEqual);
    /// ```
    #[track_caller]
    pub fn wait(&self, index: usize, expected: T) -> Waited {
        self.wait_until(index, expected, None)
    }

    /// Like [`wait`](Self::wait), for `timeout` at most.
    #[track_caller]
    pub fn wait_timeout(&self, index: usize, expected: T, timeout: Duration) -> Waited {
        self.wait_until(index, expected, Rt::current().after(timeout))
    }

    #[track_caller]
    fn wait_until(&self, index: usize, expected: T, deadline: Option<Instant>) -> Waited {
        let cell = self.at(index);
        let mut ticket = None;
        let parking = &self.inner.parking;
        let rt = Rt::current();
        rt.awaits(|| format!("place {index} of a shared array to be notified"));
        let waited = rt.wait(IdleStrategy::default(), deadline, |context| {
            parking.poll(index, || cell.load() == expected, &mut ticket, context)
        });
        waited.unwrap_or_else(|| parking.give_up(index, ticket))
    }

    /// Wakes up to `count` of those who wait at this place, the first in line first, and says how
    /// many. Node's `Atomics.notify`.
    #[track_caller]
    pub fn notify(&self, index: usize, count: usize) -> usize {
        let _ = self.at(index);
        let rt = Rt::current();
        rt.point();
        rt.note(|| format!("notifies place {index} of a shared array"));
        self.inner.parking.notify(index, count)
    }
}

impl<T: Shareable> FromIterator<T> for SharedArray<T> {
    fn from_iter<I: IntoIterator<Item = T>>(numbers: I) -> Self {
        SharedArray {
            inner: Arc::new(Inner {
                cells: numbers.into_iter().map(Cell::new).collect(),
                parking: Parking::default(),
            }),
        }
    }
}

impl<T: Shareable> Clone for SharedArray<T> {
    fn clone(&self) -> Self {
        SharedArray {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<T: Shareable> fmt::Debug for SharedArray<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.to_vec()).finish()
    }
}
