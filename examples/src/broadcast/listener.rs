//! Listens to the broadcast, and to nothing while it is busy.

use actor_core::BroadcastChannel;
use actor_core::prelude::*;

use super::tally::Tally;

/// What the broadcast is called.
pub(super) const NEWS: &str = "news";

pub(super) struct Listener {
    news: BroadcastChannel<u32>,
    leaves_after: Option<u32>,
    tally: Tally,
    /// The number of the announcement that it heard last.
    last: u32,
    /// Who waits until it has heard of a number.
    waiting: Option<(u32, ReplyTo<Tally>)>,
}

#[actor]
impl Listener {
    /// From the broadcast: an announcement. They are numbered from 1 on.
    pub(super) fn hear(&mut self, number: u32) {
        self.tally.heard += 1;
        self.tally.in_order &= number > self.last;
        self.last = number;
        if self.leaves_after == Some(number) {
            self.news.close();
        }
        self.answer_who_waits();
    }

    /// What it has heard and missed, as soon as it has heard of this number.
    #[message(later)]
    pub(super) fn once_heard(&mut self, ctx: &mut Context<Self>, number: u32) -> Later<Tally> {
        let (later, tally) = ctx.later();
        self.waiting = Some((number, tally));
        self.answer_who_waits();
        later
    }

    /// Says through the port that it is busy, and is that until the other end is closed.
    pub(super) fn be_busy(&mut self, meanwhile: MessagePort<(), ()>) {
        // Where nobody is at the other end any more, it is closed.
        let _ = meanwhile.post(());
        while meanwhile.recv().is_ok() {}
    }
}

impl Listener {
    fn answer_who_waits(&mut self) {
        let last = self.last;
        if let Some((_, reply)) = self.waiting.take_if(|(number, _)| *number <= last) {
            reply.send(Tally {
                lost: self.news.lost(),
                ..self.tally
            });
        }
    }
}

impl Actor for Listener {
    /// After which announcement it leaves, if it does.
    type Args = Option<u32>;

    fn start(ctx: &mut Context<Self>, leaves_after: &Option<u32>) -> Result<Self, Failure> {
        let news = ctx.system().broadcast(NEWS)?;
        ctx.attach(&news, ListenerMessage::hear)?;
        Ok(Listener {
            news,
            leaves_after: *leaves_after,
            tally: Tally {
                heard: 0,
                lost: 0,
                in_order: true,
            },
            last: 0,
            waiting: None,
        })
    }
}
