#![allow(unused)]

use actor_core::prelude::*;

struct Sound;

struct Echo;

#[actor(derive(Clone))]
impl Echo {
    fn echo(&self, sound: Sound) {}
}

impl Actor for Echo {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo)
    }
}

fn main() {}
