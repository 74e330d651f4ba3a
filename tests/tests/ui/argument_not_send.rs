#![allow(unused)]

use actor_core::prelude::*;
use std::rc::Rc;

struct Echo;

#[actor]
impl Echo {
    fn echo(&self, text: Rc<str>) {}
}

impl Actor for Echo {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo)
    }
}

fn main() {}
