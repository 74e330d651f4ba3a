//! Asks, and closes the channel when it knows enough.

use std::ops::RangeInclusive;
use std::sync::Arc;

use actor_core::prelude::*;

use super::talk::{Answer, AskerPort, Question};
use crate::output::print;

/// The first question is about this number, and each further one about as much more.
const STEP: u32 = 6;

pub(super) struct Asker {
    port: Arc<AskerPort>,
    rounds: RangeInclusive<u32>,
}

/// What the asker starts with.
#[derive(Debug)]
pub(super) struct AskerArgs {
    pub(super) port: Arc<AskerPort>,
    pub(super) rounds: u32,
}

#[actor]
impl Asker {
    /// From the port: a part of the answer to the question that was asked last.
    #[message(fails)]
    pub(super) fn hear(&mut self, ctx: &mut Context<Self>, answer: Answer) -> Result<(), Failure> {
        match answer {
            Answer::Divisor(divisor) => Ok(print(&format!("asker hears: {divisor}\n"))?),
            Answer::ThatIsAll => {
                print("asker hears: that is all\n")?;
                self.go_on(ctx)
            }
        }
    }

    /// The channel was closed, and not from here: the answerer has failed, and its end tells why.
    pub(super) fn hung_up(&mut self, ctx: &mut Context<Self>) {
        ctx.exit(1);
    }
}

impl Asker {
    fn go_on(&mut self, ctx: &mut Context<Self>) -> Result<(), Failure> {
        if let Some(round) = self.rounds.next() {
            let number = STEP * round;
            // Where nobody is at the other end any more, `hung_up` comes.
            let _ = self.port.post(Question { number });
            return Ok(());
        }
        print("asker closes the channel\n")?;
        self.port.close();
        ctx.exit(0);
        Ok(())
    }
}

impl Actor for Asker {
    type Args = AskerArgs;

    fn start(ctx: &mut Context<Self>, args: &AskerArgs) -> Result<Self, Failure> {
        let attachment = ctx.attach(&*args.port, AskerMessage::hear)?;
        ctx.on_close(attachment, AskerMessage::hung_up());
        let mut asker = Asker {
            port: Arc::clone(&args.port),
            rounds: 1..=args.rounds,
        };
        asker.go_on(ctx)?;
        Ok(asker)
    }
}
