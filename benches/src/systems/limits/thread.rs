//! Bare threads.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::measure::{Measured, Scale, Times, each};
use crate::resources::{cpu_time, resident};

/// A thread that says that it has begun, then answers once, then waits for its end.
struct Answerer {
    questions: Sender<u64>,
    answers: Receiver<u64>,
    thread: JoinHandle<()>,
}

impl Answerer {
    fn spawn() -> Answerer {
        let (questions, asked) = channel::<u64>();
        let (answer, answers) = channel();
        let thread = thread::spawn(move || {
            let mut sum = 0;
            // Whoever asks may have gone.
            let mut said = answer.send(sum);
            while let (Ok(()), Ok(by)) = (said, asked.recv()) {
                sum += by;
                said = answer.send(sum);
            }
        });
        assert_eq!(answers.recv(), Ok(0), "the first hand-over");
        Answerer {
            questions,
            answers,
            thread,
        }
    }

    fn ask(&self) -> u64 {
        self.questions.send(1).expect("it waits");
        self.answers.recv().expect("it answers")
    }

    fn end(self) {
        drop(self.questions);
        self.thread.join().expect("it only adds");
    }
}

pub(super) fn spawn(scale: Scale) -> Vec<Measured> {
    let mut times = Times::default();
    for _ in scale.rounds(2_000, 10) {
        let begun = Instant::now();
        let answerer = Answerer::spawn();
        assert_eq!(answerer.ask(), 1);
        answerer.end();
        times.push(begun.elapsed());
    }
    vec![Measured::new("", "ns", times.share(0.5))]
}

/// Without the end: what a restart cannot do without.
pub(super) fn spawn_and_answer(scale: Scale) -> Vec<Measured> {
    let mut times = Times::default();
    for _ in scale.rounds(500, 3) {
        let begun = Instant::now();
        let answerer = Answerer::spawn();
        assert_eq!(answerer.ask(), 1);
        times.push(begun.elapsed());
        answerer.end();
    }
    vec![Measured::new("", "ns", times.share(0.5))]
}

pub(super) fn idle(scale: Scale) -> Vec<Measured> {
    let threads = scale.of(10_000, 200);
    let before = resident();
    let spawn = |_| {
        let answerer = Answerer::spawn();
        assert_eq!(answerer.ask(), 1);
        answerer
    };
    let all: Vec<_> = (0..threads).map(spawn).collect();
    let memory = resident().saturating_sub(before) / threads;
    let (cpu, begun) = (cpu_time(), Instant::now());
    thread::sleep(scale.of(Duration::from_secs(1), Duration::from_millis(20)));
    let share = (cpu_time() - cpu).as_secs_f64() / begun.elapsed().as_secs_f64();
    all.into_iter().for_each(Answerer::end);
    vec![
        Measured::new("memory", "KiB", memory as f64 / 1024.0),
        Measured::new("CPU", "% of a core", 100.0 * share),
    ]
}

pub(super) fn creation(scale: Scale) -> Vec<Measured> {
    let begun = Instant::now();
    let rounds = scale.rounds(1_000, 10);
    let threads: Vec<_> = rounds.map(|_| thread::spawn(thread::park)).collect();
    let taken = each(begun.elapsed(), threads.len());
    for thread in threads {
        thread.thread().unpark();
        thread.join().expect("it only parks");
    }
    vec![Measured::new("", "ns", taken)]
}
