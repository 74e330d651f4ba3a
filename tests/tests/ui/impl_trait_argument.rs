#![allow(unused)]

use actor_core::prelude::*;

struct Echo;

#[actor]
impl Echo {
    fn echo(&self, text: impl Into<String>) {}
}

impl Actor for Echo {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo)
    }
}

fn main() {}
