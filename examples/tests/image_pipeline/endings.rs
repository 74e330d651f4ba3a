//! Runs that end before their last picture.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::ChildStdout;

use rustix::process::Signal;

use super::gallery::Gallery;
use super::run::{Run, pipeline_on, until};

/// Far more pictures than are done before a test has seen the first result.
const MANY: usize = 1000;

fn many(gallery: &Gallery) -> Vec<PathBuf> {
    vec![gallery.paint("cat.png", 40, 150); MANY]
}

/// Reads one line of the run's stdout; the pipe stays open as long as the reader.
fn first_line(run: &mut Run) -> BufReader<ChildStdout> {
    let mut reader = BufReader::new(run.0.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with('{') && line.ends_with("}\n"), "{line:?}");
    reader
}

#[test]
fn a_reader_that_goes_away_ends_it_with_0() {
    let gallery = Gallery::new();
    let arguments = ["--json", "--crash-every", "5"];
    let mut command = pipeline_on(many(&gallery), &gallery.output(), &arguments);
    let mut run = Run::start(&mut command);
    drop(first_line(&mut run));
    let ended = run.end();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    gallery.assert_no_half_written_file();
    assert!((1..MANY).contains(&gallery.results().len()));
}

#[test]
fn a_reader_that_was_never_there_ends_it_with_0() {
    let gallery = Gallery::new();
    let input = gallery.paint("cat.png", 40, 150);
    let mut run = Run::start(&mut pipeline_on([input], &gallery.output(), &[]));
    drop(run.0.stdout.take());
    let ended = run.end();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert_eq!(gallery.results(), ["cat-grayscale.png"]);
}

#[test]
fn a_signal_amid_the_work_ends_it_with_the_signals_code() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let gallery = Gallery::new();
        let arguments = ["--json", "--crash-every", "5"];
        let mut command = pipeline_on(many(&gallery), &gallery.output(), &arguments);
        let mut run = Run::start(&mut command);
        let _reader = first_line(&mut run);
        run.signal(signal);
        let ended = run.end();
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(code), ""));
        gallery.assert_no_half_written_file();
        assert!((1..MANY).contains(&gallery.results().len()));
    }
}

#[test]
fn a_signal_amid_the_crashes_of_any_stage_ends_it_and_leaves_nobody_behind() {
    for stage in ["reader", "joiner"] {
        let gallery = Gallery::new();
        let arguments = ["--json", "--crash-every", "1", "--crash-stage", stage];
        let mut command = pipeline_on(many(&gallery), &gallery.output(), &arguments);
        let mut run = Run::start(&mut command);
        let _reader = first_line(&mut run);
        run.signal(Signal::INT);
        let ended = run.end();
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(130), ""));
        gallery.assert_no_half_written_file();
    }
}

#[test]
fn a_signal_amid_a_write_leaves_no_part_of_the_file() {
    let gallery = Gallery::new();
    let input = gallery.paint("large.bmp", 1500, 1500);
    let arguments = ["--filter", "invert"];
    let run = Run::start(&mut pipeline_on([input], &gallery.output(), &arguments));
    let temporary = until("the result is being written", || {
        gallery.results().into_iter().next()
    });
    assert!(temporary.ends_with(".tmp"), "{temporary}");
    run.signal(Signal::INT);
    let ended = run.end();
    assert_eq!(
        (ended.code, ended.stdout.as_str(), ended.stderr.as_str()),
        (Some(130), "", "")
    );
    assert!(gallery.results().is_empty(), "{:?}", gallery.results());
}

#[test]
#[cfg(target_os = "linux")]
fn a_signal_ends_it_even_while_nobody_empties_its_pipe() {
    const PIPE: usize = 4096;

    let gallery = Gallery::new();
    let run = Run::start(&mut pipeline_on(
        many(&gallery),
        &gallery.output(),
        &["--json"],
    ));
    let stdout = run.0.stdout.as_ref().unwrap();
    rustix::pipe::fcntl_setpipe_size(stdout, PIPE).unwrap();
    // A line has some 250 bytes: of the next few, one finds no room.
    until("the pipe is full", || {
        let waiting = rustix::io::ioctl_fionread(stdout).unwrap();
        (waiting > PIPE as u64 - 1000).then_some(())
    });
    run.signal(Signal::INT);
    assert_eq!(run.end().code, Some(130));
    gallery.assert_no_half_written_file();
}
