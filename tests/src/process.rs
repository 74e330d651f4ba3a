//! Tests that need a process of their own, and what Linux tells of a process.
#![expect(
    clippy::disallowed_methods,
    reason = "it waits for processes, over real time"
)]

use std::io::Read;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Runs `test` of the same test program in a process of its own; true in that process.
pub fn alone(test: &str) -> bool {
    errors_alone(test).is_none()
}

/// The same; what that process wrote to stderr, and none in that process.
pub fn errors_alone(test: &str) -> Option<String> {
    if std::env::var_os("ALONE").is_some() {
        return None;
    }
    let output = Command::new(std::env::current_exe().expect("a test knows its program"))
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("ALONE", "1")
        .output()
        .expect("a test program runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}{errors}");
    assert!(
        text.contains("1 passed"),
        "{test} was not run: {text}{errors}"
    );
    Some(errors)
}

/// Runs `command` and returns what it printed.
///
/// # Panics
/// If it does not end within `bound`: it is killed then.
pub fn run_within(bound: Duration, command: &mut Command) -> Output {
    fn all_of(mut pipe: impl Read) -> Vec<u8> {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        bytes
    }
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a program runs");
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        let stdout = scope.spawn(|| stdout.map_or_else(Vec::new, all_of));
        let stderr = scope.spawn(|| stderr.map_or_else(Vec::new, all_of));
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child can be waited for") {
                break status;
            }
            if begun.elapsed() > bound {
                // It may end just now.
                let _ = child.kill();
                let _ = child.wait();
                panic!("{command:?} did not end within {bound:?}");
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        Output {
            status,
            stdout: stdout.join().expect("a pipe was read"),
            stderr: stderr.join().expect("a pipe was read"),
        }
    })
}

/// A number from a line of `/proc/self/status`.
pub fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells it");
    let mut lines = status.lines().filter(|line| line.starts_with(name));
    let number = lines
        .next()
        .and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    number.unwrap_or_else(|| panic!("{name} is no number in {status}"))
}

/// How many file descriptors this process has open.
pub fn file_descriptors() -> usize {
    let open = std::fs::read_dir("/proc/self/fd").expect("Linux tells it");
    open.count()
}
