#![allow(unused)]

use actor_core::prelude::*;
use std::rc::Rc;

struct Echo;

#[actor]
impl Echo {
    #[message(later)]
    fn echo(&self, ctx: &mut Context<Self>) -> Later<Rc<str>> {
        ctx.later().0
    }
}

impl Actor for Echo {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo)
    }
}

fn main() {}
