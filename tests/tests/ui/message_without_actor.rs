use actor_core::prelude::*;

struct Echo;

impl Echo {
    #[message(fails)]
    fn echo(&self) {}
}

fn main() {
    Echo.echo();
}
