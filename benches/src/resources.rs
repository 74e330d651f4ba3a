//! What the process has used.

use std::fs;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// CPU time of all threads so far.
pub(crate) fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Bytes of memory that are resident.
pub(crate) fn resident() -> u64 {
    let statm =
        fs::read_to_string("/proc/self/statm").expect("Linux tells the memory of a process");
    let pages = statm
        .split_whitespace()
        .nth(1)
        .expect("the second field is the resident pages");
    pages.parse::<u64>().expect("a number of pages") * rustix::param::page_size() as u64
}

/// How many cores this process may use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
