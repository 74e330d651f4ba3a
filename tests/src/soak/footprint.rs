//! What the process uses: threads and memory.

use std::fmt;
use std::time::{Duration, Instant};

/// Of Linux; elsewhere nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Footprint {
    pub(super) threads: u64,
    /// Resident, in bytes.
    pub(super) memory: u64,
}

impl Footprint {
    pub(super) fn now() -> Option<Self> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let tasks = std::fs::read_dir("/proc/self/task").expect("Linux tells it");
        Some(Footprint {
            threads: tasks.count() as u64,
            memory: crate::process::status("VmRSS") << 10,
        })
    }

    /// The same, once there are no more than so many threads, or after `patience`: a thread that was
    /// left behind comes back late.
    #[expect(
        clippy::disallowed_methods,
        reason = "it waits for the operating system"
    )]
    pub(super) fn with_threads(most: u64, patience: Duration) -> Option<Self> {
        let begun = Instant::now();
        loop {
            let footprint = Footprint::now()?;
            if footprint.threads <= most || begun.elapsed() > patience {
                return Some(footprint);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl fmt::Display for Footprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.memory * 10) >> 20;
        let (whole, tenth) = (tenths / 10, tenths % 10);
        write!(f, "{} threads, {whole}.{tenth} MiB", self.threads)
    }
}

/// The names of all threads. Actors' threads are called after them.
pub(super) fn threads() -> String {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
        return "nobody knows which threads run".to_owned();
    };
    let name = |task: std::io::Result<std::fs::DirEntry>| {
        std::fs::read_to_string(task.ok()?.path().join("comm")).ok()
    };
    let names: Vec<String> = tasks.filter_map(name).collect();
    let names: Vec<&str> = names.iter().map(|name| name.trim()).collect();
    format!("threads: {}", names.join(", "))
}
