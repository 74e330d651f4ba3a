//! How a subject does what it is told.

use std::sync::Arc;
use std::time::Duration;

use actor_core::Attachment;
use actor_core::prelude::*;

use super::account::Kind;
use super::deed::Deed;
use super::settings::Wish;
use super::subject::{Subject, SubjectMessage};
use super::token::Token;
use super::world::Port;

impl Subject {
    #[expect(clippy::disallowed_methods, reason = "a handler that does not listen")]
    pub(super) fn carry_out(&mut self, ctx: &mut Context<Self>, deed: Deed) -> Result<(), Failure> {
        let world = Arc::clone(&self.hand.world);
        match deed {
            Deed::Nothing => {}
            Deed::Compute(steps) => {
                for step in 0..steps {
                    std::hint::black_box(step);
                }
            }
            Deed::Sleep(micros) => drop(ctx.sleep(Duration::from_micros(micros))),
            Deed::Block(micros) => std::thread::sleep(Duration::from_micros(micros)),
            Deed::Panic => panic!("a planned panic"),
            Deed::Fail => Err("a planned failure")?,
            Deed::Exit(code) => ctx.exit(code),
            Deed::Errand(times) => (0..times).for_each(|_| self.hand.act()),
            Deed::Child if world.is_crowded() => {}
            Deed::Child => {
                let spec = self
                    .hand
                    .subject(Wish::default(), |brief| ctx.spec::<Subject>(brief));
                // Its start may fail, and this life may be stopping.
                drop(spec.spawn());
            }
            Deed::Link => {
                if let Some(other) = world.pick(&mut self.hand.rng) {
                    ctx.link(&other.handle);
                    self.linked.push(other.handle.clone());
                }
            }
            Deed::Unlink => {
                if let Some(other) = self.linked.pop() {
                    ctx.unlink(&other);
                }
            }
            Deed::Monitor => {
                if let Some(other) = world.pick(&mut self.hand.rng) {
                    let monitor = ctx.monitor(&other.handle);
                    if self.hand.chance(30) {
                        ctx.demonitor(monitor);
                    }
                }
            }
            Deed::Trap(traps) => ctx.trap_exit(traps),
            Deed::After(micros) => {
                let message = self.timer_message();
                let timer = ctx.send_after(Duration::from_micros(micros), message);
                if self.hand.chance(20) {
                    ctx.cancel(timer);
                }
            }
            Deed::Every(micros) => {
                let (books, account) = (Arc::clone(&world.books), Arc::clone(&self.account));
                let timer = ctx.every(Duration::from_micros(micros), move || {
                    SubjectMessage::work(Token::new(&books, Kind::Timer, &account), Deed::Nothing)
                });
                if let Some(last) = self.ticking.replace(timer) {
                    ctx.cancel(last);
                }
            }
            Deed::Attach => self.attach(ctx),
            Deed::DropPorts => {
                self.hand.ports.clear();
                for (attachment, _port) in self.attached.drain(..) {
                    if self.hand.rng.bool() {
                        ctx.detach(attachment);
                    }
                }
            }
            Deed::Lock => self.hand.lock(),
            Deed::StopItself => ctx.handle().stop(),
            Deed::DrainItself => ctx.handle().drain(),
            Deed::EndAll => drop(ctx.system().shutdown()),
        }
        Ok(())
    }

    fn timer_message(&mut self) -> SubjectMessage {
        let world = &self.hand.world;
        let token = Token::new(&world.books, Kind::Timer, &self.account);
        let deed = Deed::by_chance(&mut self.hand.rng, world.wildness);
        SubjectMessage::work(token, deed)
    }

    /// Attaches a port that it holds.
    pub(super) fn attach(&mut self, ctx: &mut Context<Self>) {
        let Some(port) = self.hand.ports.pop() else {
            return;
        };
        let attempts = self.hand.rng.u32(0..3);
        if let Some(attachment) = attach(ctx, &port, attempts) {
            self.attached.push((attachment, port));
        }
    }
}

/// Attaches a port; none if another life has it.
pub(super) fn attach(ctx: &mut Context<Subject>, port: &Port, attempts: u32) -> Option<Attachment> {
    let attached = match attempts {
        0 => ctx.attach(port, SubjectMessage::frame),
        times => ctx.attach_redelivering(port, times, SubjectMessage::frame),
    };
    let attachment = attached.ok()?;
    ctx.on_close(attachment, SubjectMessage::closed());
    Some(attachment)
}
