#![allow(unused)]

use actor_core::prelude::*;

trait Echo {}

#[actor]
impl (dyn Echo + Send) {
    fn echo(&self) {}
}

fn main() {}
