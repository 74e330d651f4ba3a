//! Single stages with what they receive and pass on in the hands of a test.

use std::num::NonZeroU64;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Event, SupervisorHandle};
use tempfile::TempDir;

use super::joiner::{Joiner, JoinerArgs, Outcome};
use super::parcel::{Frame, Parcel};
use super::ports::{Incoming, Onward};
use super::reader::{Reader, ReaderArgs, ReaderHandle};
use super::work::REDELIVERIES;
use super::worker::{Worker, WorkerArgs};
use crate::image_pipeline::{
    CrashPlan, Filter, FilteredStrip, Interrupt, Layout, Picture, PictureError, Progress, Size,
    Stage, Strip,
};
use crate::stopwatch::Stopwatch;

/// Nothing here takes so long, unless it hangs.
const DEADLINE: Duration = Duration::from_secs(30);
const ROOM: usize = 100;

/// A picture of four strips, in a file of its own.
struct Subject {
    _dir: TempDir,
    picture: Picture,
    frame: Arc<Frame>,
}

impl Subject {
    fn new() -> Subject {
        let dir = TempDir::new().unwrap();
        let picture = painted(64);
        let input = dir.path().join("input.png");
        picture.write_png(&input, || true).unwrap();
        let frame = Frame {
            layout: Layout::new(0, picture.size(), Filter::Invert),
            has_alpha: true,
            input,
            output: dir.path().join("output.png"),
            since: Stopwatch::start(),
        };
        Subject {
            _dir: dir,
            picture,
            frame: Arc::new(frame),
        }
    }

    /// What is made of each strip, packed up.
    fn parcels<T>(&self, make: impl Fn(Strip) -> T) -> Vec<Parcel<T>> {
        let layout = self.frame.layout;
        let strips = layout
            .ids()
            .map(|id| layout.cut(&self.picture, id).unwrap());
        let parcel = |(strip, number): (Strip, u64)| Parcel {
            id: strip.id(),
            frame: Arc::clone(&self.frame),
            number,
            restarts: 0,
            content: Ok(make(strip)),
        };
        strips.zip(1..).map(parcel).collect()
    }

    /// Whatever it be that cannot be done.
    fn error(&self) -> PictureError {
        PictureError::Unfiltered {
            path: self.frame.input.clone(),
            cause: "it cannot be done".to_owned(),
        }
    }

    /// The result, pixel by pixel.
    fn inverted(&self) -> Vec<u8> {
        let pixels = self.picture.pixels().as_chunks::<4>().0;
        let inverted = |&[r, g, b, a]: &[u8; 4]| [255 - r, 255 - g, 255 - b, a];
        pixels.iter().flat_map(inverted).collect()
    }
}

fn painted(height: u32) -> Picture {
    let size = Size::new(3, height).unwrap();
    let pixels = (0..size.bytes()).map(|byte| (byte * 7) as u8).collect();
    Picture::new(size, true, pixels)
}

/// On every strip, before and after the work by turns.
fn every_strip(stage: Stage) -> CrashPlan {
    CrashPlan::new(stage, Some(NonZeroU64::MIN))
}

fn no_crash() -> CrashPlan {
    CrashPlan::new(Stage::Worker, None)
}

fn supervised(system: &System, tree: Supervision, restarts: usize) -> SupervisorHandle {
    let tree = tree.intensity(restarts, Duration::MAX);
    system.spawn::<Supervisor>(tree).unwrap()
}

fn worker(
    system: &System,
    crashes: CrashPlan,
    restarts: usize,
) -> (
    Onward<Parcel<Strip>>,
    Incoming<Parcel<FilteredStrip>>,
    SupervisorHandle,
) {
    let (onward, strips) = Onward::to_one(ROOM);
    let (filtered, incoming) = Onward::to_one(ROOM);
    let worker = system.spec::<Worker>(WorkerArgs {
        strips,
        filtered,
        crashes,
    });
    let tree = Supervisor::one_for_one().child(worker);
    (onward, incoming, supervised(system, tree, restarts))
}

fn joiner(
    system: &System,
    crashes: CrashPlan,
) -> (Onward<Parcel<FilteredStrip>>, Incoming<Outcome>) {
    let (onward, strips) = Onward::to_one(ROOM);
    let (outcomes, incoming) = Onward::to_one(ROOM);
    let joiner = system.spec::<Joiner>(JoinerArgs {
        strips,
        outcomes,
        easel: Arc::default(),
        crashes,
        progress: Progress::new(0, false),
        interrupt: Interrupt::new(),
    });
    supervised(system, Supervisor::one_for_one().child(joiner), ROOM);
    (onward, incoming)
}

fn reader(system: &System, crashes: CrashPlan) -> (ReaderHandle, Incoming<Parcel<Strip>>) {
    let (strips, incoming) = Onward::to_one(ROOM);
    let args = ReaderArgs {
        filter: Filter::Invert,
        crashes,
        strips,
    };
    let mut reader = system.spec::<Reader>(args).redeliver(REDELIVERIES);
    let handle = reader.handle();
    supervised(system, Supervisor::one_for_one().child(reader), ROOM);
    (handle, incoming)
}

/// So many come, and no more.
fn received<T>(system: System, incoming: &Incoming<T>, count: usize) -> Vec<T> {
    let next = |_| incoming.recv_timeout(DEADLINE).unwrap();
    let all = (0..count).map(next).collect();
    system.shutdown().unwrap();
    assert!(incoming.is_empty());
    all
}

fn restarts(events: &mut Events) -> usize {
    let restarted = |event: &Event| matches!(event.kind, EventKind::Restarted { .. });
    let told = std::iter::from_fn(|| events.try_next());
    told.filter(restarted).count()
}

/// Which strips came, and what each has cost.
fn trace<T>(parcels: &[Parcel<T>]) -> Vec<(usize, u32)> {
    let one = |parcel: &Parcel<T>| (parcel.id.index, parcel.restarts);
    parcels.iter().map(one).collect()
}

/// The second and the fourth are done before the crash, and once more after it.
const EVERY_STRIP: [(usize, u32); 6] = [(0, 1), (1, 1), (1, 1), (2, 1), (3, 1), (3, 1)];

#[test]
fn a_worker_that_crashes_on_each_strip_loses_none() {
    let (system, subject) = (System::new("stages").unwrap(), Subject::new());
    let mut events = system.events();
    let (mut onward, incoming, _) = worker(&system, every_strip(Stage::Worker), 4);
    for strip in subject.parcels(|strip| strip) {
        assert!(onward.pass_on(strip, || true));
    }
    let filtered = received(system, &incoming, EVERY_STRIP.len());
    assert_eq!(trace(&filtered), EVERY_STRIP);
    assert_eq!(restarts(&mut events), 4);
    let strips = subject.parcels(|strip| strip.filtered());
    for parcel in filtered {
        assert_eq!(parcel.content, strips[parcel.id.index].content);
    }
}

#[test]
fn a_strip_that_always_fails_its_worker_is_given_up_and_the_others_are_done() {
    let (system, subject) = (System::new("stages").unwrap(), Subject::new());
    let (mut onward, incoming, _) = worker(&system, no_crash(), 3);
    let mut strips = subject.parcels(|strip| strip);
    strips[0].content = strips[0].content.clone().map(Strip::that_panics);
    for strip in strips {
        assert!(onward.pass_on(strip, || true));
    }
    let filtered = received(system, &incoming, 4);
    assert_eq!(trace(&filtered), [(0, 3), (1, 0), (2, 0), (3, 0)]);
    let error = filtered[0].content.as_ref().unwrap_err().to_string();
    let told = "input.png: cannot be filtered: strip 1 of picture 1: its worker panicked: ";
    assert!(error.contains(told), "{error}");
    assert!(filtered[1..].iter().all(|strip| strip.content.is_ok()));
}

#[test]
fn what_cannot_be_done_any_more_is_passed_on_as_it_is() {
    let (system, subject) = (System::new("stages").unwrap(), Subject::new());
    let (mut onward, incoming, _) = worker(&system, no_crash(), 0);
    let error = subject.error();
    let mut strips = subject.parcels(|strip| strip);
    strips[0].content = Err(error.clone());
    assert!(onward.pass_on(strips.swap_remove(0), || true));
    let passed_on = received(system, &incoming, 1);
    assert_eq!(passed_on[0].content, Err(error));
}

#[test]
fn a_joiner_that_crashes_on_each_strip_writes_the_picture_and_tells_so_once() {
    let (system, subject) = (System::new("stages").unwrap(), Subject::new());
    let mut events = system.events();
    let (mut onward, incoming) = joiner(&system, every_strip(Stage::Joiner));
    let strips = subject.parcels(|strip| strip.filtered());
    for strip in &strips {
        assert!(onward.pass_on(strip.clone(), || true));
    }
    // The last of them comes again after its crash.
    let mut last = 0;
    while last < 4 {
        let event = events.next_timeout(DEADLINE).unwrap();
        last += usize::from(matches!(event.kind, EventKind::Restarted { .. }));
    }
    let outcome = received(system, &incoming, 1).remove(0);
    assert_eq!((outcome.picture, outcome.placed), (0, 4));
    assert_eq!(outcome.written.unwrap().restarts, 4);
    let result = Picture::read(&subject.frame.output).unwrap();
    assert!(result.pixels() == subject.inverted());
}

#[test]
fn a_joiner_takes_the_first_of_two_and_nothing_after_the_end() {
    let (system, subject) = (System::new("stages").unwrap(), Subject::new());
    let (mut onward, incoming) = joiner(&system, no_crash());
    let strips = subject.parcels(|strip| strip.filtered());
    let twice = strips.iter().rev().flat_map(|strip| {
        let mut again = strip.clone();
        again.restarts = 7;
        [strip.clone(), again]
    });
    let mut lost = strips[0].clone();
    lost.content = Err(subject.error());
    let mut of_next = lost.clone();
    of_next.id.picture = 1;
    for strip in twice.chain([lost, of_next]) {
        assert!(onward.pass_on(strip, || true));
    }
    // The second is the next picture's: what came between has changed nothing.
    let [first, second] = &received(system, &incoming, 2)[..] else {
        unreachable!("there are two");
    };
    assert_eq!((first.picture, first.placed), (0, 4));
    assert_eq!(first.written.as_ref().unwrap().restarts, 0);
    assert_eq!((second.picture, second.placed), (1, 0));
    assert!(second.written.is_err());
    let result = Picture::read(&subject.frame.output).unwrap();
    assert!(result.pixels() == subject.inverted());
}

#[test]
fn a_picture_with_a_lost_strip_is_ended_at_once() {
    let (system, subject) = (System::new("stages").unwrap(), Subject::new());
    let (mut onward, incoming) = joiner(&system, no_crash());
    let mut strips = subject.parcels(|strip| strip.filtered());
    let error = subject.error();
    strips[2].content = Err(error.clone());
    for strip in strips {
        assert!(onward.pass_on(strip, || true));
    }
    let outcome = received(system, &incoming, 1).remove(0);
    assert_eq!(outcome.placed, 2);
    assert_eq!(outcome.written.unwrap_err(), error);
    assert!(!subject.frame.output.exists());
}

#[test]
fn a_reader_that_crashes_on_each_strip_decodes_again_and_loses_none() {
    let (system, subject) = (System::new("stages").unwrap(), Subject::new());
    let mut events = system.events();
    let (reader, incoming) = reader(&system, every_strip(Stage::Reader));
    let opening = reader.open(0, subject.frame.input.clone());
    assert_eq!(opening.ask().unwrap().unwrap().layout, subject.frame.layout);
    for order in subject.parcels(|_| ()) {
        reader.cut(order).tell().unwrap();
    }
    let cut = received(system, &incoming, EVERY_STRIP.len());
    assert_eq!(trace(&cut), EVERY_STRIP);
    assert_eq!(restarts(&mut events), 4);
    let strips = subject.parcels(|strip| strip);
    for parcel in cut {
        let [cut, expected] = [&parcel.content, &strips[parcel.id.index].content];
        let [cut, expected] = [cut, expected].map(|strip| strip.as_ref().unwrap().bytes());
        assert!(cut == expected);
    }
}

#[test]
fn a_reader_that_cannot_decode_again_passes_the_loss_on() {
    let change: [fn(&Path); 2] = [
        |input| std::fs::remove_file(input).unwrap(),
        |input| painted(63).write_png(input, || true).unwrap(),
    ];
    let causes = ["cannot be read: ", "the file has changed since"];
    for (change, cause) in change.iter().zip(causes) {
        let (system, subject) = (System::new("stages").unwrap(), Subject::new());
        let (reader, incoming) = reader(&system, every_strip(Stage::Reader));
        let input = subject.frame.input.clone();
        reader.open(0, input.clone()).ask().unwrap().unwrap();
        change(&input);
        reader
            .cut(subject.parcels(|_| ()).remove(0))
            .tell()
            .unwrap();
        let lost = received(system, &incoming, 1).remove(0);
        let told = lost.content.unwrap_err().to_string();
        assert!(told.contains(cause), "{told}");
    }
}

#[test]
fn nobody_waits_for_a_stage_that_does_not_come_back() {
    let (system, subject) = (System::new("stages").unwrap(), Subject::new());
    let mut events = system.events();
    let (mut onward, strips) = Onward::to_one(1);
    // Nobody receives there: like a joiner that has crashed, and is not started again.
    let (filtered, _incoming) = Onward::to_one(1);
    let args = WorkerArgs {
        strips,
        filtered,
        crashes: no_crash(),
    };
    let worker = system.spec::<Worker>(args);
    let supervisor = supervised(&system, Supervisor::one_for_one().child(worker), 0);
    for strip in subject.parcels(|strip| strip) {
        // The first finds room, the second is in hand, the third waits, and the last does not.
        let number = strip.number;
        assert_eq!(onward.pass_on(strip, || number < 4), number < 4);
    }
    supervisor.stop();
    supervisor.join();
    let left_behind = |event: &Event| matches!(event.kind, EventKind::Abandoned { .. });
    assert!(!std::iter::from_fn(|| events.try_next()).any(|event| left_behind(&event)));
    // The port of a worker that is gone for good is closed.
    let strip = subject.parcels(|strip| strip).remove(0);
    assert!(!onward.pass_on(strip, || true));
}
