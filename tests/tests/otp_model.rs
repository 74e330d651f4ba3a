//! Random scenarios: the library against a model of OTP's rules.
//!
//! A failure shrinks to a scenario in the format of the vectors. More cases than the default:
//! `PROPTEST_CASES=10000 cargo test --release -p actor-tests --test otp_model`

use std::time::Duration;

use actor_core::{AutoShutdown, Restart, Shutdown, Strategy as Of};
use actor_tests::conformance::{
    Behaviour, Child, Kind, Reason, Scenario, Significance, Step, Sup, difference, model, run,
};
use proptest::prelude::*;

/// A child, before it has an id and a parent.
#[derive(Clone, Debug)]
struct Seed {
    /// Which of the supervisors before it is its parent.
    parent: usize,
    /// It is started by a call.
    later: bool,
    restart: Restart,
    significant: bool,
    sup: Option<Sup>,
    shutdown: Shutdown,
    behaviour: Behaviour,
}

/// A step, before it is known whom it concerns.
#[derive(Clone, Copy, Debug)]
struct Raw {
    kind: u8,
    sup: usize,
    child: usize,
    reason: usize,
    times: u64,
}

fn sup() -> impl Strategy<Value = Sup> {
    let strategy = prop_oneof![
        3 => Just(Of::OneForOne),
        3 => Just(Of::OneForAll),
        3 => Just(Of::RestForOne),
        1 => Just(Of::SimpleOneForOne),
    ];
    let auto = prop_oneof![
        3 => Just(AutoShutdown::Never),
        1 => Just(AutoShutdown::AnySignificant),
        1 => Just(AutoShutdown::AllSignificant),
    ];
    (strategy, 0..6_usize, auto).prop_map(|(strategy, intensity, auto)| Sup {
        auto: match strategy {
            Of::SimpleOneForOne => AutoShutdown::Never,
            _ => auto,
        },
        strategy,
        intensity,
        period: 3600,
    })
}

fn seed() -> impl Strategy<Value = Seed> {
    let restart = prop_oneof![
        3 => Just(Restart::Permanent),
        2 => Just(Restart::Transient),
        1 => Just(Restart::Temporary),
    ];
    let shutdown = prop_oneof![
        6 => Just(Shutdown::Timeout(Duration::from_secs(5))),
        1 => Just(Shutdown::Infinity),
        1 => Just(Shutdown::Brutal),
    ];
    let behaviour = prop_oneof![
        8 => Just(Behaviour::Obey),
        1 => Just(Behaviour::Slow(3)),
        1 => Just(Behaviour::BadStop),
        1 => Just(Behaviour::Stubborn),
    ];
    let sup = prop_oneof![2 => Just(None), 1 => sup().prop_map(Some)];
    (
        (0..8_usize, prop::bool::weighted(0.15), restart),
        (prop::bool::weighted(0.3), sup, shutdown, behaviour),
    )
        .prop_map(
            |((parent, later, restart), (significant, sup, shutdown, behaviour))| Seed {
                parent,
                later,
                restart,
                significant,
                sup,
                // Forced only after its time is over, so let that be soon.
                shutdown: match behaviour {
                    Behaviour::Stubborn => Shutdown::Timeout(Duration::from_millis(10)),
                    _ => shutdown,
                },
                behaviour,
            },
        )
}

fn raw() -> impl Strategy<Value = Raw> {
    (0..24_u8, 0..8_usize, 0..16_usize, 0..4_usize, 1..4_u64).prop_map(
        |(kind, sup, child, reason, times)| Raw {
            kind,
            sup,
            child,
            reason,
            times,
        },
    )
}

fn scenarios() -> impl Strategy<Value = Scenario> {
    let seeds = prop::collection::vec(seed(), 1..10);
    let raws = prop::collection::vec(raw(), 0..25);
    (sup(), seeds, raws).prop_map(|(top, seeds, raws)| scenario(top, seeds, raws))
}

fn scenario(top: Sup, seeds: Vec<Seed>, raws: Vec<Raw>) -> Scenario {
    let mut sups = vec![("top".to_owned(), top.clone())];
    let mut children: Vec<Child> = Vec::new();
    let mut later: Vec<Child> = Vec::new();
    for (index, seed) in seeds.into_iter().enumerate() {
        let (parent, of) = sups[seed.parent % sups.len()].clone();
        let simple = of.strategy == Of::SimpleOneForOne;
        let id = format!("c{index}");
        // It has one template, and that is a worker.
        if simple && children.iter().any(|child| child.parent == parent) {
            continue;
        }
        let inner = seed.sup.filter(|_| !simple);
        if let Some(sup) = &inner {
            sups.push((id.clone(), sup.clone()));
        }
        let allowed = of.auto != AutoShutdown::Never && seed.restart != Restart::Permanent;
        let is_later = seed.later && !simple;
        let child = Child {
            parent,
            id,
            restart: seed.restart,
            shutdown: match inner {
                Some(_) => Shutdown::Infinity,
                None => seed.shutdown,
            },
            // A call may ask for what is not allowed.
            significant: match seed.significant && (allowed || is_later) {
                true => Significance::Yes,
                false => Significance::No,
            },
            kind: match inner {
                Some(sup) => Kind::Sup(sup),
                None => Kind::Worker(seed.behaviour),
            },
        };
        match is_later {
            true => later.push(child),
            false => children.push(child),
        }
    }
    let mut maker = Maker {
        workers: Vec::new(),
        all: Vec::new(),
        spawned: Vec::new(),
        sups,
        children,
        later,
    };
    for child in maker.children.iter().chain(&maker.later) {
        maker.all.push(child.id.clone());
        let simple = maker
            .sups
            .iter()
            .any(|(id, sup)| *id == child.parent && sup.strategy == Of::SimpleOneForOne);
        if matches!(child.kind, Kind::Worker(_)) && !simple {
            maker.workers.push(child.id.clone());
        }
    }
    let before = raws.iter().take(1).filter(|raw| raw.kind > 20);
    let before = before.filter_map(|raw| match maker.pick(&maker.workers, raw.child) {
        Some(id) if raw.kind > 22 => Some(Step::IgnoreNext(id, raw.times)),
        Some(id) => Some(Step::FailNext(id, raw.times)),
        None => None,
    });
    let before = before.collect();
    let steps = raws.iter().filter_map(|raw| maker.step(*raw)).collect();
    Scenario {
        name: "random".to_owned(),
        tags: Vec::new(),
        top,
        children: maker.children,
        before,
        steps,
    }
}

struct Maker {
    sups: Vec<(String, Sup)>,
    children: Vec<Child>,
    later: Vec<Child>,
    all: Vec<String>,
    workers: Vec<String>,
    spawned: Vec<String>,
}

impl Maker {
    fn pick(&self, from: &[String], index: usize) -> Option<String> {
        (!from.is_empty()).then(|| from[index % from.len()].clone())
    }

    fn step(&mut self, raw: Raw) -> Option<Step> {
        let reason = match raw.reason {
            0 => Reason::Normal,
            1 => Reason::Shutdown,
            2 => Reason::ShutdownFor("x".to_owned()),
            _ => Reason::Error,
        };
        let worker = self.pick(&self.workers, raw.child);
        let child = self.pick(&self.all, raw.child);
        let (sup, of) = self.sups[raw.sup % self.sups.len()].clone();
        // Half of the calls go to the child's own supervisor.
        let parent = |id: &str| {
            let own = self
                .children
                .iter()
                .chain(&self.later)
                .find(|it| it.id == id);
            match own {
                Some(own) if raw.times > 1 => own.parent.clone(),
                _ => sup.clone(),
            }
        };
        Some(match raw.kind {
            0..=4 => Step::Crash(worker?, Reason::Error),
            5 | 6 => Step::Crash(worker?, reason),
            7 => Step::Kill(worker?),
            8 | 9 => {
                let own = self.children.iter().filter(|child| child.parent == sup);
                let own = own.filter(|child| matches!(child.kind, Kind::Worker(_)));
                let mut ids: Vec<String> = own.map(|child| child.id.clone()).collect();
                if ids.is_empty() || of.strategy == Of::SimpleOneForOne {
                    return None;
                }
                let by = raw.child % ids.len();
                ids.rotate_left(by);
                ids.truncate(raw.times as usize + 1);
                Step::CrashMany(sup, reason, ids)
            }
            10 | 11 => {
                let child = child?;
                Step::Terminate(parent(&child), child)
            }
            12 | 13 => {
                let child = child?;
                Step::Restart(parent(&child), child)
            }
            14 => {
                let child = child?;
                Step::Delete(parent(&child), child)
            }
            15 | 16 => {
                let later = match raw.times {
                    1 => &self.children,
                    _ => &self.later,
                };
                let again = later.get(raw.child % later.len().max(1))?;
                let simple = self
                    .sups
                    .iter()
                    .any(|(id, sup)| *id == again.parent && sup.strategy == Of::SimpleOneForOne);
                if simple {
                    return None;
                }
                Step::Add(again.clone())
            }
            17 => {
                let has_template = self.children.iter().any(|child| child.parent == sup);
                if of.strategy != Of::SimpleOneForOne || !has_template {
                    return None;
                }
                let id = format!("d{}", self.spawned.len());
                self.spawned.push(id.clone());
                self.workers.push(id.clone());
                self.all.push(id.clone());
                Step::Spawn(sup, id)
            }
            18 => Step::FailNext(worker?, raw.times),
            19 => Step::IgnoreNext(worker?, 1),
            20 | 21 => Step::Children(sup),
            22 => Step::Count(sup),
            _ => Step::Stop,
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(150),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_library_follows_the_rules_of_otp(scenario in scenarios()) {
        let expected: String = model(&scenario).iter().map(|line| format!("{line}\n")).collect();
        let actual = run(&scenario).map_err(|error| TestCaseError::fail(format!("{scenario}\n{error}")))?;
        if let Some(difference) = difference(&expected, &actual) {
            return Err(TestCaseError::fail(format!("{scenario}\n{difference}")));
        }
    }
}
