//! What machine this is, and how busy.

use std::fmt;
use std::fs;
use std::process::Command;

use crate::resources::cores;

/// Where the figures come from.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    memory: String,
    kernel: String,
    rustc: String,
    node: Option<String>,
    load: String,
}

impl Machine {
    pub(crate) fn look() -> Machine {
        let uname = rustix::system::uname();
        let text = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
        Machine {
            processor: field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".into()),
            cores: cores(),
            memory: field("/proc/meminfo", "MemTotal").unwrap_or_else(|| "unknown".into()),
            kernel: format!("{} {}", text(uname.sysname()), text(uname.release())),
            rustc: first_line("rustc").unwrap_or_else(|| "unknown".into()),
            node: first_line("node"),
            load: load(),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let node = self.node.as_deref().unwrap_or("none");
        write!(
            f,
            "{}, {} cores, {} of memory, {}, {}, Node {node}, load before the run {}",
            self.processor, self.cores, self.memory, self.kernel, self.rustc, self.load
        )
    }
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn first_line(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(text.lines().next()?.to_owned())
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace()
        .take(3)
        .collect::<Vec<_>>()
        .join(" ")
}
