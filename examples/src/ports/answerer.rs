//! Answers, until the channel is closed.

use std::sync::Arc;

use actor_core::prelude::*;

use super::talk::{Answer, AnswererPort, Question};
use crate::output::print;

pub(super) struct Answerer {
    port: Arc<AnswererPort>,
    answered: u32,
}

#[actor]
impl Answerer {
    /// From the port: a question. All of the answer is posted at once, and waits there in order.
    #[message(fails)]
    pub(super) fn hear(&mut self, question: Question) -> Result<(), Failure> {
        let Question { number } = question;
        print(&format!("answerer hears: what divides {number}?\n"))?;
        let divisors = (1..=number).filter(|divisor| number.is_multiple_of(*divisor));
        for answer in divisors.map(Answer::Divisor).chain([Answer::ThatIsAll]) {
            // Where nobody is at the other end any more, `hung_up` comes.
            let _ = self.port.post(answer);
        }
        self.answered += 1;
        Ok(())
    }

    /// The channel was closed, and all that was asked has been answered.
    #[message(fails)]
    pub(super) fn hung_up(&mut self, ctx: &mut Context<Self>) -> Result<(), Failure> {
        let answered = self.answered;
        print(&format!(
            "answerer sees it closed, questions answered: {answered}\n"
        ))?;
        ctx.exit(0);
        Ok(())
    }
}

impl Actor for Answerer {
    type Args = Arc<AnswererPort>;

    fn start(ctx: &mut Context<Self>, port: &Arc<AnswererPort>) -> Result<Self, Failure> {
        let attachment = ctx.attach(&**port, AnswererMessage::hear)?;
        ctx.on_close(attachment, AnswererMessage::hung_up());
        Ok(Answerer {
            port: Arc::clone(port),
            answered: 0,
        })
    }
}
