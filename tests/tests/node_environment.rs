//! Values that are inherited: Node's environment data. A number is that of a behaviour in the
//! guide's page on Node.

use actor_core::prelude::*;
use actor_tests::everywhere;

struct Heir;

#[actor]
impl Heir {
    fn value(&self, ctx: &mut Context<Self>) -> Option<u32> {
        ctx.env::<u32>("value").map(|value| *value)
    }
    fn set(&mut self, ctx: &mut Context<Self>, value: u32) {
        ctx.set_env("value", value);
    }
    fn remove(&mut self, ctx: &mut Context<Self>) {
        ctx.remove_env("value");
    }
    fn child(&mut self, ctx: &mut Context<Self>) -> HeirHandle {
        ctx.spawn::<Heir>(()).expect("it starts")
    }
    #[message(fails)]
    fn fail(&mut self) -> Result<(), Failure> {
        Err("broken")?
    }
}

impl Actor for Heir {
    type Args = ();
    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Heir)
    }
}

fn value(heir: &HeirHandle) -> Option<u32> {
    heir.value().ask().unwrap()
}

#[test]
fn a38_values_are_inherited_as_they_are_at_the_spawn() {
    everywhere(|system| {
        system.set_env("value", 1_u32);
        let heir = system.spawn::<Heir>(()).unwrap();
        system.set_env("value", "a text, for those who come later");
        assert_eq!(value(&heir), Some(1));
        let later = system.spawn::<Heir>(()).unwrap();
        assert_eq!(value(&later), None, "a value of another type");
        // What an actor sets, its children get that come after, and nobody else.
        let child = heir.child().ask().unwrap();
        heir.set(2).ask().unwrap();
        let grandchild = heir.child().ask().unwrap().child().ask().unwrap();
        assert_eq!((value(&child), value(&grandchild)), (Some(1), Some(2)));
        assert!(system.env::<u32>("value").is_none());
        heir.remove().ask().unwrap();
        assert_eq!(value(&heir.child().ask().unwrap()), None);
        assert_eq!(value(&grandchild), Some(2));
    });
}

#[test]
fn a45_removing_a_value_reaches_nobody_who_runs_nor_their_children() {
    everywhere(|system| {
        system.set_env("value", 1_u32);
        let heir = system.spawn::<Heir>(()).unwrap();
        system.remove_env("value");
        assert_eq!(value(&system.spawn::<Heir>(()).unwrap()), None);
        assert_eq!(value(&heir), Some(1));
        let grandchild = heir.child().ask().unwrap().child().ask().unwrap();
        assert_eq!(value(&grandchild), Some(1));
    });
}

#[test]
fn a45_the_next_life_begins_with_what_the_first_inherited() {
    everywhere(|system| {
        system.set_env("value", 1_u32);
        let mut spec = system.spec::<Heir>(());
        let heir = spec.handle();
        system.remove_env("value");
        let plan = Supervisor::one_for_one().child(spec);
        system.spawn::<Supervisor>(plan).unwrap();
        heir.set(2).ask().unwrap();
        assert_eq!(value(&heir), Some(2));
        assert!(heir.fail().ask().is_err());
        assert_eq!(value(&heir), Some(1));
    });
}
