#![allow(unused)]

use actor_core::prelude::*;

struct Echo;

#[actor]
impl Echo {
    fn echo(&self, sound: u8) {}
}

fn main() {}
