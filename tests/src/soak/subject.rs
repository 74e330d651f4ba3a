//! The actor under stress: it does what it is told, and what chance says.

use std::sync::{Arc, Mutex};

use actor_core::prelude::*;
use actor_core::{Attachment, Timer};

use super::account::{Account, Kind};
use super::carrying_out::attach;
use super::deed::{Answerer, Deed};
use super::fault::Fault;
use super::hand::Hand;
use super::options::Sabotage;
use super::settings::Brief;
use super::target::take_back;
use super::token::Token;
use super::world::{Port, World};
use crate::Counted;

/// What cannot be cloned, in a message that can: whoever opens it first has it.
pub(super) struct Parcel<T>(Arc<Mutex<Option<T>>>);

impl<T> Parcel<T> {
    pub(super) fn new(content: T) -> Self {
        Parcel(Arc::new(Mutex::new(Some(content))))
    }

    pub(super) fn open(&self) -> Option<T> {
        self.0.lock().expect("nobody panics with it").take()
    }
}

impl<T> Clone for Parcel<T> {
    fn clone(&self) -> Self {
        Parcel(Arc::clone(&self.0))
    }
}

pub(super) struct Subject {
    pub(super) hand: Hand,
    pub(super) account: Arc<Account>,
    pub(super) attached: Vec<(Attachment, Port)>,
    pub(super) linked: Vec<SubjectHandle>,
    pub(super) ticking: Option<Timer>,
    kept: Vec<ReplyTo<u64>>,
    drop_panics: bool,
    stopping: Fault,
    _alive: Counted,
}

#[actor(derive(Clone))]
impl Subject {
    /// Does it; the token's number.
    #[message(fails)]
    pub(super) fn work(
        &mut self,
        ctx: &mut Context<Self>,
        token: Token,
        deed: Deed,
    ) -> Result<u64, Failure> {
        let attempt = ctx.redelivered();
        token.begin(&self.account, attempt);
        self.carry_out(ctx, deed)?;
        token.end(attempt);
        let books = &self.hand.world.books;
        if books.sabotages(Sabotage::Repeat) {
            token.begin(&self.account, attempt);
        }
        if books.sabotages(Sabotage::Leak) {
            std::mem::forget(token.clone());
        }
        if books.sabotages(Sabotage::Answer) {
            return Ok(token.number() + 1);
        }
        Ok(token.number())
    }

    /// Has it answered by somebody, with the token's number.
    #[message(later)]
    pub(super) fn defer(
        &mut self,
        ctx: &mut Context<Self>,
        token: Token,
        answerer: Answerer,
    ) -> Later<u64> {
        let attempt = ctx.redelivered();
        token.begin(&self.account, attempt);
        let (later, reply) = ctx.later();
        match answerer {
            Answerer::AtOnce => reply.send(token.number()),
            Answerer::SomebodyElse => self.pass_on(token.number(), reply),
            Answerer::Nobody => drop(reply),
            Answerer::End => self.kept.push(reply),
        }
        token.end(attempt);
        later
    }

    /// Answers for another.
    pub(super) fn answer(
        &mut self,
        ctx: &mut Context<Self>,
        token: Token,
        reply: Parcel<ReplyTo<u64>>,
        number: u64,
    ) {
        token.begin(&self.account, ctx.redelivered());
        if let Some(reply) = reply.open() {
            reply.send(number);
        }
        token.end(ctx.redelivered());
    }

    /// Keeps a port, and attaches it perhaps.
    pub(super) fn hold(
        &mut self,
        ctx: &mut Context<Self>,
        token: Token,
        port: Parcel<Port>,
    ) -> u64 {
        token.begin(&self.account, ctx.redelivered());
        if let Some(port) = port.open() {
            self.hand.ports.push(port);
        }
        if self.hand.chance(60) {
            self.attach(ctx);
        }
        token.end(ctx.redelivered());
        token.number()
    }

    /// A value of an attached port.
    #[message(fails)]
    pub(super) fn frame(&mut self, ctx: &mut Context<Self>, token: Token) -> Result<(), Failure> {
        let attempt = ctx.redelivered();
        token.begin(&self.account, attempt);
        let deed = match self.hand.chance(70) {
            true => Deed::Nothing,
            false => Deed::by_chance(&mut self.hand.rng, self.hand.world.wildness),
        };
        self.carry_out(ctx, deed)?;
        token.end(attempt);
        Ok(())
    }

    /// Nothing to do, and no token.
    pub(super) fn look(&self) {
        self.account.handled_bare();
    }

    /// An attached port is closed.
    pub(super) fn closed(&mut self) {
        self.account.handled_bare();
        self.attached.retain(|(_, port)| !port.is_closed());
    }
}

impl Subject {
    /// Leaves the answer to somebody else.
    fn pass_on(&mut self, number: u64, reply: ReplyTo<u64>) {
        let Some(other) = self.hand.world.pick(&mut self.hand.rng) else {
            return;
        };
        let token = self.hand.token(Kind::TryTell, &other);
        let told = other.handle.answer(token, Parcel::new(reply), number);
        if let Err(error) = told.try_tell() {
            take_back(error.into_message());
        }
    }
}

impl Actor for Subject {
    type Args = Brief;

    fn start(ctx: &mut Context<Self>, brief: &Brief) -> Result<Self, Failure> {
        let world: &Arc<World> = &brief.world;
        let mut rng = world.rng(brief.number, ctx.life());
        // First starts fail less often: whole trees depend on them.
        let percent = if ctx.life() == 1 {
            1
        } else {
            2 + 2 * world.wildness
        };
        let fault = Fault::by_chance(&mut rng, percent);
        let mut subject = Subject {
            account: Arc::clone(&brief.account),
            attached: Vec::new(),
            kept: Vec::new(),
            linked: Vec::new(),
            ticking: None,
            drop_panics: rng.u32(0..100) < world.wildness,
            stopping: Fault::by_chance(&mut rng, 2 * world.wildness),
            hand: Hand::new(world, rng, true),
            _alive: Counted::new(&world.states),
        };
        if let Some(port) = &brief.port {
            attach(ctx, port, brief.attempts);
        }
        if subject.hand.chance(5) {
            subject.hand.act();
        }
        match fault {
            Fault::None => Ok(subject),
            Fault::Fails => Err("a planned failure of the start")?,
            Fault::Panics => panic!("a planned panic of the start"),
            Fault::Ignores => Err(Ignore)?,
            Fault::Exits => {
                ctx.exit(1);
                Ok(subject)
            }
        }
    }

    fn stopping(&mut self, ctx: &mut Context<Self>, _reason: &ExitReason) -> Result<(), Failure> {
        match self.stopping {
            Fault::None => Ok(()),
            Fault::Panics => panic!("a planned panic of stopping"),
            Fault::Exits => {
                ctx.exit(2);
                Ok(())
            }
            Fault::Fails | Fault::Ignores => Err("a planned failure of stopping")?,
        }
    }

    fn down(&mut self, _ctx: &mut Context<Self>, _down: Down) -> Result<(), Failure> {
        match self.hand.chance(self.hand.world.wildness) {
            true => Err("it does not bear that")?,
            false => Ok(()),
        }
    }

    fn linked_exit(&mut self, _ctx: &mut Context<Self>, exit: LinkedExit) -> Result<(), Failure> {
        self.linked.retain(|one| one.id() != exit.actor.id());
        Ok(())
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        if self.drop_panics && !std::thread::panicking() {
            panic!("a planned panic of a drop");
        }
    }
}
