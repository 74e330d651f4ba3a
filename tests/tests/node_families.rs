//! Parents, children and grandchildren: whose end is told to whom, and who ends with whom. A
//! number is that of a behaviour in the guide's page on Node.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actor_core::prelude::*;
use actor_tests::{Counted, LONG, Log, everywhere, lines};

thread_local! {
    /// Goes when the thread does, after everything else of an actor.
    static THREAD: RefCell<Option<Counted>> = const { RefCell::new(None) };
}

/// What the members of a family share.
#[derive(Clone, Default)]
struct Family {
    log: Log,
    threads: Arc<AtomicUsize>,
}

#[derive(Clone)]
struct Plan {
    name: &'static str,
    below: Vec<Plan>,
    /// Whether it links itself with those below.
    links: bool,
    family: Family,
}

impl Family {
    fn member(&self, name: &'static str, links: bool, below: Vec<Plan>) -> Plan {
        Plan {
            name,
            below,
            links,
            family: self.clone(),
        }
    }

    /// A root, a child that may be linked with its own child, and that.
    fn of_three(&self, system: &SystemRef, links: bool) -> [MemberHandle; 3] {
        let grandchild = self.member("grandchild", false, vec![]);
        let child = self.member("child", links, vec![grandchild]);
        let root = spawn(system, &self.member("root", false, vec![child]));
        let child = only_child(&root);
        let grandchild = only_child(&child);
        [root, child, grandchild]
    }
}

struct Member {
    plan: Plan,
    children: Vec<MemberHandle>,
}

#[actor]
impl Member {
    fn children(&self) -> Vec<MemberHandle> {
        self.children.clone()
    }
    #[message(fails)]
    fn fail(&mut self) -> Result<(), Failure> {
        Err("the bottom fell out")?
    }
    /// Ends its children, then itself, in one handler.
    fn leave(&mut self, ctx: &mut Context<Self>, code: i32) {
        for child in &self.children {
            child.leave(0).tell().unwrap();
            child.join();
        }
        ctx.exit(code);
    }
    fn sleep(&mut self, ctx: &mut Context<Self>) -> bool {
        ctx.sleep(Duration::from_secs(3600))
    }
    fn sync(&self) {}
}

impl Actor for Member {
    type Args = Plan;

    fn start(ctx: &mut Context<Self>, plan: &Plan) -> Result<Self, Failure> {
        let counted = Counted::new(&plan.family.threads);
        THREAD.with_borrow_mut(|thread| *thread = Some(counted));
        let mut children = Vec::new();
        for below in &plan.below {
            let spec = ctx.spec::<Member>(below.clone()).name(below.name);
            let child = spec.spawn()?;
            if plan.links {
                ctx.link(&child);
            }
            ctx.monitor(&child);
            children.push(child);
        }
        let plan = plan.clone();
        Ok(Member { plan, children })
    }
    fn down(&mut self, _: &mut Context<Self>, down: Down) -> Result<(), Failure> {
        let told = format!("{}: {} {}", self.plan.name, down.actor.name(), down.reason);
        self.plan.family.log.note(told);
        Ok(())
    }
}

fn spawn(system: &SystemRef, plan: &Plan) -> MemberHandle {
    let spec = system.spec::<Member>(plan.clone()).name(plan.name);
    spec.spawn().unwrap()
}

fn only_child(of: &MemberHandle) -> MemberHandle {
    of.children().ask().unwrap().remove(0)
}

#[test]
fn a6_the_failure_of_a_linked_grandchild_is_what_the_root_is_told() {
    everywhere(|system| {
        let family = Family::default();
        let mut events = system.events();
        let [root, child, grandchild] = family.of_three(system, true);
        grandchild.fail().tell().unwrap();
        let reason = "failed: the bottom fell out";
        for ended in [grandchild, child] {
            let ended = ended.join();
            assert_eq!((ended.code(), ended.to_string().as_str()), (1, reason));
        }
        root.sync().ask().unwrap();
        assert_eq!(family.log.notes(), [format!("root: child {reason}")]);
        let told = lines(&mut events);
        for name in ["grandchild", "child"] {
            let failed = told
                .iter()
                .filter(|line| **line == format!("{name} 1 failed"));
            assert_eq!(failed.count(), 1, "{told:?}");
            let exited = format!("{name} 1 exited ({reason})");
            assert!(told.contains(&exited), "{told:?}");
        }
    });
}

#[test]
fn a6_without_a_link_the_failure_of_a_child_ends_nobody_else() {
    everywhere(|system| {
        let family = Family::default();
        let [root, child, grandchild] = family.of_three(system, false);
        grandchild.fail().tell().unwrap();
        grandchild.join();
        child.sync().ask().unwrap();
        root.sync().ask().unwrap();
        let told = ["child: grandchild failed: the bottom fell out"];
        assert_eq!(family.log.notes(), told);
    });
}

#[test]
fn a7_who_exits_is_told_no_end_of_its_children() {
    everywhere(|system| {
        let family = Family::default();
        let [root, child, grandchild] = family.of_three(system, false);
        // Each ends the one below in the handler that ends itself.
        root.leave(5).tell().unwrap();
        assert_eq!(root.join().code(), 5);
        assert!(!child.is_alive() && !grandchild.is_alive());
        assert!(family.log.notes().is_empty(), "{:?}", family.log.notes());
    });
}

#[test]
fn a16_terminating_a_parent_ends_all_below_it_and_their_threads() {
    everywhere(|system| {
        let family = Family::default();
        let grandchildren = vec![family.member("grandchild", false, vec![]); 3];
        let children = vec![family.member("child", false, grandchildren); 3];
        let root = spawn(system, &family.member("root", false, children));
        let children = root.children().ask().unwrap();
        let grandchildren: Vec<_> = children
            .iter()
            .flat_map(|child| child.children().ask().unwrap())
            .collect();
        assert_eq!(family.threads.load(Ordering::SeqCst), 13);
        // Some are busy.
        root.sleep().tell().unwrap();
        grandchildren[4].sleep().tell().unwrap();
        assert!(matches!(root.terminate(LONG), ExitReason::Terminated));
        assert_eq!(family.threads.load(Ordering::SeqCst), 0);
        for below in children.iter().chain(&grandchildren) {
            assert!(!below.is_alive());
            assert!(below.join().is_normal(), "the parent stopped it");
        }
    });
}
