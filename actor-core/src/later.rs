//! Answers that come after the handler has returned.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};

use crate::context::{Context, Handled, Handler};
use crate::error::AskError;
use crate::protocol::Protocol;
use crate::rt::{Moment, lock};

/// What a `#[message(later)]` method returns: the promise that its [`ReplyTo`] answers.
///
/// It is not a reply itself, and it cannot leave the actor's thread.
///
/// ```
/// use actor_core::prelude::*;
///
/// /// Answers everybody who asked, once it is opened.
/// #[derive(Default)]
/// struct Door { waiting: Vec<ReplyTo<u32>> }
///
/// #[actor]
/// impl Door {
///     /// The guest's number, once the door is open.
///     #[message(later)]
///     pub fn enter(&mut self, ctx: &mut Context<Self>) -> Later<u32> {
///         let (later, reply) = ctx.later();
///         self.waiting.push(reply);
///         later
///     }
///     /// Lets everybody in.
///     pub fn open(&mut self) {
///         for (number, reply) in self.waiting.drain(..).enumerate() {
///             reply.send(number as u32);
///         }
///     }
/// }
///
/// impl Actor for Door {
///     type Args = ();
///     fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> { Ok(Door::default()) }
/// }
///
/// let system = System::new("party")?;
/// let door = system.spawn::<Door>(())?;
/// let (first, second) = (door.enter().send()?, door.enter().send()?);
/// door.open().tell()?;
/// assert_eq!((first.wait()?, second.wait()?), (0, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "the handler returns it, so that the asker waits for its `ReplyTo`"]
pub struct Later<T> {
    slot: Arc<Slot<T>>,
    // Not `Send`: the macro's check of replies tells it from a value by that.
    not_a_reply: PhantomData<*const ()>,
}

/// Answers one request, from anywhere, at any time, once.
///
/// Dropped without an answer, the asker gets [`AskError::NoReply`] at once. For a message that
/// nobody asked about (a tell), the answer is dropped.
///
/// ```
/// use actor_core::prelude::*;
///
/// struct Kitchen;
///
/// #[actor]
/// impl Kitchen {
///     /// Cooks elsewhere, and is free for the next order meanwhile.
///     #[message(later)]
///     pub fn order(&mut self, ctx: &mut Context<Self>, dish: String) -> Later<String> {
///         let (later, reply) = ctx.later();
///         std::thread::spawn(move || reply.send(format!("hot {dish}")));
///         later
///     }
/// }
/// # impl Actor for Kitchen { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Kitchen) } }
/// # let system = System::new("restaurant")?;
/// assert_eq!(system.spawn::<Kitchen>(())?.order("soup".into()).ask()?, "hot soup");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "dropped, it tells the asker that there is no reply"]
pub struct ReplyTo<T> {
    slot: Option<Arc<Slot<T>>>,
}

struct Slot<T>(Mutex<Meeting<T>>);

/// The answer and the way back come in either order; whoever is second sends.
enum Meeting<T> {
    Nobody,
    /// None: there will be no answer.
    Answer(Option<T>),
    WayBack(WayBack<T>),
    Over,
}

type WayBack<T> = Box<dyn FnOnce(Option<T>) + Send>;

impl<T> Slot<T> {
    fn meet(&self, mine: Meeting<T>) {
        let mut slot = lock(&self.0);
        let pair = match (std::mem::replace(&mut *slot, Meeting::Over), mine) {
            (Meeting::Nobody, mine) => {
                *slot = mine;
                return;
            }
            (Meeting::Answer(answer), Meeting::WayBack(way_back))
            | (Meeting::WayBack(way_back), Meeting::Answer(answer)) => Some((way_back, answer)),
            _ => None,
        };
        drop(slot);
        if let Some((way_back, answer)) = pair {
            way_back(answer);
        }
    }
}

impl<T> ReplyTo<T> {
    /// Answers, and never blocks. An answer that nobody waits for any more is dropped.
    ///
    /// The asker gets it once the handler has returned its [`Later`], never before: an answer given
    /// inside the handler waits for that, and if the handler panics instead, the asker gets
    /// [`AskError::Failed`].
    pub fn send(mut self, answer: T) {
        if let Some(slot) = self.slot.take() {
            slot.meet(Meeting::Answer(Some(answer)));
        }
    }
}

impl<T> Drop for ReplyTo<T> {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            slot.meet(Meeting::Answer(None));
        }
    }
}

impl<A: Handler> Context<A> {
    /// A promise to return from a `#[message(later)]` method, and what keeps it. [`Later`] and
    /// [`ReplyTo`] show what it is for.
    /// Here the way back is dropped, and the asker is told so:
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # struct Kitchen;
    /// #[actor]
    /// impl Kitchen {
    ///     /// Takes an order, and loses it.
    ///     #[message(later)]
    ///     pub fn order(&mut self, ctx: &mut Context<Self>) -> Later<String> {
    ///         let (later, reply) = ctx.later();
    ///         drop(reply);
    ///         later
    ///     }
    /// }
    /// # impl Actor for Kitchen { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Kitchen) } }
    /// # let system = System::new("restaurant")?;
    /// assert!(matches!(system.spawn::<Kitchen>(())?.order().ask(), Err(AskError::NoReply { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn later<T>(&mut self) -> (Later<T>, ReplyTo<T>) {
        self.promise();
        let slot = Arc::new(Slot(Mutex::new(Meeting::Nobody)));
        let later = Later {
            slot: Arc::clone(&slot),
            not_a_reply: PhantomData,
        };
        (later, ReplyTo { slot: Some(slot) })
    }
}

/// What a `#[message(later)]` method returns: [`Later`], also under another name.
#[diagnostic::on_unimplemented(
    message = "a `#[message(later)]` method returns `Later<T>`, not `{Self}`",
    label = "return `Later<T>` here, or remove `later`",
    note = "`let (later, reply) = ctx.later();` makes one"
)]
pub trait IsLater {
    /// What will be answered.
    type Value;

    #[doc(hidden)]
    fn into_later(self) -> Later<Self::Value>;
}

impl<T> IsLater for Later<T> {
    type Value = T;

    fn into_later(self) -> Later<T> {
        self
    }
}

type ReplyOf<A> = <<A as Handler>::Message as Protocol>::Reply;

/// Leads the answer back to whoever asked for the message in hand.
pub fn later<A, L>(
    ctx: &mut Context<A>,
    later: L,
    wrap: fn(L::Value) -> ReplyOf<A>,
) -> Handled<ReplyOf<A>>
where
    A: Handler,
    L: IsLater,
    L::Value: 'static,
{
    let Some((message, mut way_back)) = ctx.take_reply() else {
        later
            .into_later()
            .slot
            .meet(Meeting::WayBack(Box::new(drop)));
        return Handled::Later;
    };
    let actor = ctx.identity().clone();
    let kernel = Arc::clone(ctx.kernel());
    way_back.settle(&kernel.graph);
    let send: WayBack<L::Value> = Box::new(move |answer| {
        let rt = &kernel.rt;
        rt.strike(Moment::Delay, actor.name(), message);
        let is_lost = rt.strike(Moment::Answer, actor.name(), message);
        let outcome = match answer {
            Some(answer) if !is_lost => Ok(wrap(answer)),
            _ => Err(AskError::NoReply { actor, message }),
        };
        way_back.send(&kernel.graph, outcome);
    });
    later.into_later().slot.meet(Meeting::WayBack(send));
    Handled::Later
}

impl<T> fmt::Debug for Later<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Later").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for ReplyTo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyTo").finish_non_exhaustive()
    }
}
