#![allow(unused)]

use actor_core::prelude::*;

macro_rules! methods {
    () => {};
}

struct Echo;

#[actor]
impl Echo {
    methods!();
}

impl Actor for Echo {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo)
    }
}

fn main() {}
