//! How a lock is acquired.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::alarm::{Alarm, Rung};
use crate::system::SystemRef;

use super::claim::Owned;
use super::error::LockError;
use super::guard::LockGuard;
use super::query::Locks;
use super::table::{Entering, Lost};

impl SystemRef {
    /// A request for the lock of that name, which is to be [acquired](LockRequest::acquire): one
    /// holder at a time, or many that [share](LockRequest::shared) it. Locks are for what is outside
    /// of all actors (a file, a device) and used by several of them: within one actor nothing runs
    /// at the same time, and a value that one actor owns needs no lock.
    ///
    /// Node's `locks.request(name, options, callback)`; the guard takes the callback's place.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # use std::time::Duration;
    /// let system = System::new("locks")?;
    /// let reading = [system.lock("ledger").shared().acquire()?, system.lock("ledger").shared().acquire()?];
    /// assert!(system.lock("ledger").try_acquire().is_err());
    /// assert!(system.lock("ledger").timeout(Duration::from_millis(5)).acquire().is_err());
    /// assert_eq!(system.locks().held.len(), 2);
    ///
    /// drop(reading);
    /// let writing = system.lock("ledger").acquire()?;
    /// assert!(!writing.is_shared());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lock(&self, name: &str) -> LockRequest {
        LockRequest {
            system: self.clone(),
            name: Arc::from(name),
            shared: false,
            timeout: None,
        }
    }

    /// Who holds which lock at this moment, and who waits. It waits for nobody.
    pub fn locks(&self) -> Locks {
        self.kernel().locks.query()
    }
}

/// A lock that is to be acquired: made by [`SystemRef::lock`].
///
/// Those who wait stand in line: whoever came first is first, and who would share the lock waits
/// behind one who would not. A life that holds it lets it go at its end, however that comes.
///
/// A wait ends early where it would never end, with [`LockErrorKind::Deadlock`]; and with
/// [`LockErrorKind::Cancelled`] where an actor is told to end (not where it is to drain) while its
/// `start` or a handler waits. One that has been told so before waits for no lock any more, except in
/// its `stopping`.
///
/// [`LockErrorKind::Deadlock`]: super::LockErrorKind::Deadlock
/// [`LockErrorKind::Cancelled`]: super::LockErrorKind::Cancelled
#[derive(Clone)]
#[must_use = "a request does nothing until it is acquired"]
pub struct LockRequest {
    system: SystemRef,
    name: Arc<str>,
    shared: bool,
    timeout: Option<Duration>,
}

impl LockRequest {
    /// Others that share it may hold it at the same time.
    pub fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    /// Gives the wait so much time, counted from the call. A wait that ends by itself is no part of a
    /// deadlock.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Blocks the thread until the lock is held.
    ///
    /// # Errors
    /// If the time is over, the wait would never end, or the actor is told to end.
    pub fn acquire(self) -> Result<LockGuard, LockError> {
        let kernel = self.system.kernel();
        kernel.rt.point();
        let deadline = self.timeout.and_then(|timeout| kernel.rt.after(timeout));
        let owned = self.enter(Entering::InLine, deadline.is_none())?;
        kernel
            .rt
            .note(|| format!("acquires the lock {:?}", self.name));
        kernel.rt.awaits(|| format!("the lock {:?}", self.name));
        let acquired = kernel
            .rt
            .wait(kernel.idle, deadline, |context| owned.poll(context.waker()));
        let lost = match acquired {
            Some(acquired) => acquired.err(),
            None => owned.time_out(),
        };
        match lost {
            None => Ok(LockGuard::new(owned)),
            Some(lost) => Err(self.error(lost)),
        }
    }

    /// Takes the lock if nobody holds it that excludes the caller, and nobody waits for it. Never
    /// blocks; a timeout has no meaning for it. Node's `ifAvailable`.
    ///
    /// # Errors
    /// If it is not free.
    pub fn try_acquire(self) -> Result<LockGuard, LockError> {
        self.at_once(Entering::IfFree)
    }

    /// Takes the lock from all who hold it, and ahead of all who wait. Whoever held it is not
    /// stopped: it learns of it by [`LockGuard::is_held`] and [`LockGuard::release`]. Never blocks; a
    /// timeout has no meaning for it. Node's `steal`.
    ///
    /// # Errors
    /// Only if the calling life has been left behind.
    pub fn steal(self) -> Result<LockGuard, LockError> {
        self.at_once(Entering::ByForce)
    }

    fn at_once(self, entering: Entering) -> Result<LockGuard, LockError> {
        self.system.kernel().rt.glance();
        self.enter(entering, false).map(LockGuard::new)
    }

    fn enter(&self, entering: Entering, until_held: bool) -> Result<Owned, LockError> {
        let kernel = self.system.kernel();
        let owned = Owned::enter(kernel, &self.name, self.shared, entering, until_held);
        owned.map_err(|lost| self.error(lost))
    }

    fn error(&self, lost: Lost) -> LockError {
        LockError::new(&self.name, lost)
    }
}

/// Waits in any runtime. It enters the line when it is first polled, and leaves it when it is
/// dropped.
///
/// ```
/// async fn append(system: &actor_core::SystemRef) -> Result<(), actor_core::LockError> {
///     let guard = system.lock("ledger").await?;
///     // … write …
///     guard.release()
/// }
/// # let system = actor_core::System::new("locks")?;
/// # let system = system.reference();
/// # let mut future = std::pin::pin!(append(&system));
/// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// # assert!(matches!(future.as_mut().poll(&mut context), std::task::Poll::Ready(Ok(()))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl IntoFuture for LockRequest {
    type Output = Result<LockGuard, LockError>;
    type IntoFuture = LockFuture;

    fn into_future(self) -> LockFuture {
        let rt = &self.system.kernel().rt;
        let alarm = Alarm::new(self.timeout.and_then(|timeout| rt.after(timeout)));
        LockFuture {
            request: self,
            alarm,
            state: State::New,
        }
    }
}

/// An awaited [`LockRequest`].
#[must_use = "a future does nothing until it is awaited"]
pub struct LockFuture {
    request: LockRequest,
    alarm: Alarm,
    state: State,
}

enum State {
    New,
    Waiting(Owned),
    Over,
}

impl Future for LockFuture {
    type Output = Result<LockGuard, LockError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let owned = match std::mem::replace(&mut this.state, State::Over) {
            State::New => {
                this.request.system.kernel().rt.point();
                this.request.enter(Entering::InLine, false)?
            }
            State::Waiting(owned) => owned,
            State::Over => return Poll::Pending,
        };
        let lost = match owned.poll(context.waker()) {
            Poll::Ready(acquired) => acquired.err(),
            Poll::Pending => match this.alarm.poll(this.request.system.kernel(), context) {
                Poll::Ready(Rung::Due | Rung::SystemGone) => owned.time_out(),
                Poll::Pending => {
                    this.state = State::Waiting(owned);
                    return Poll::Pending;
                }
            },
        };
        Poll::Ready(match lost {
            None => Ok(LockGuard::new(owned)),
            Some(lost) => Err(this.request.error(lost)),
        })
    }
}

impl fmt::Debug for LockRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockRequest")
            .field("name", &self.name)
            .field("shared", &self.shared)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for LockFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LockFuture").field(&self.request).finish()
    }
}
