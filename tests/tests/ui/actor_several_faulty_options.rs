#![allow(unused)]

use actor_core::prelude::*;

struct Echo;

#[actor(mailbox, derive, crate = "actor_core", 7)]
impl Echo {
    fn echo(&self) {}
}

impl Actor for Echo {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo)
    }
}

fn main() {}
