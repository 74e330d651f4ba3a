#![allow(unused)]

use actor_core::prelude::*;
use std::rc::Rc;

struct Echo<T>(T);

#[actor]
impl<T> Echo<T> {
    fn echo(&self, sound: Rc<T>) {}
}

impl<T: Send + 'static> Actor for Echo<T> {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Err("no sound")?
    }
}

fn main() {}
