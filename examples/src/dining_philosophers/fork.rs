//! A fork, which one philosopher at a time can have.

use std::collections::VecDeque;

use actor_core::prelude::*;

#[derive(Default)]
pub(super) struct Fork {
    is_taken: bool,
    waiting: VecDeque<ReplyTo<()>>,
}

#[actor]
impl Fork {
    /// Answers once the fork is the asker's.
    #[message(later)]
    pub(super) fn take(&mut self, ctx: &mut Context<Self>) -> Later<()> {
        let (later, reply) = ctx.later();
        self.waiting.push_back(reply);
        self.hand_over();
        later
    }

    /// The fork is free again.
    pub(super) fn put(&mut self) {
        self.is_taken = false;
        self.hand_over();
    }
}

impl Fork {
    fn hand_over(&mut self) {
        if self.is_taken {
            return;
        }
        if let Some(next) = self.waiting.pop_front() {
            self.is_taken = true;
            next.send(());
        }
    }
}

impl Actor for Fork {
    type Args = ();

    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Fork::default())
    }
}
