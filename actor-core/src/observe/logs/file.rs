//! A log file, and what is done when the disk refuses it.

use std::fs::{File, OpenOptions, create_dir_all};
use std::io::{self, ErrorKind, Write, stderr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::rt::lock;

/// Where the files are.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    keep_open: AtomicUsize,
    open: AtomicUsize,
}

impl Folder {
    pub(super) fn new(path: PathBuf, keep_open: usize) -> Self {
        Folder {
            path,
            keep_open: AtomicUsize::new(keep_open),
            open: AtomicUsize::new(0),
        }
    }

    pub(super) fn keep_open(&self, files: usize) {
        self.keep_open.store(files, Ordering::Relaxed);
    }

    /// Opens a file to append to: a line that is written in one go stays whole, whoever else writes.
    fn open(&self, name: &str) -> io::Result<File> {
        let path = self.path.join(name);
        let open = || OpenOptions::new().append(true).create(true).open(&path);
        match open() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                create_dir_all(&self.path)?;
                open()
            }
            opened => opened,
        }
    }
}

/// The file of one life.
#[derive(Debug)]
pub(super) struct LogFile {
    folder: Arc<Folder>,
    name: String,
    life: Option<u64>,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Closed,
    Open(KeptOpen),
    /// The disk has refused it, and stderr has been told.
    Refused,
}

/// A file that counts among those which stay open.
#[derive(Debug)]
struct KeptOpen {
    file: File,
    folder: Arc<Folder>,
}

impl LogFile {
    pub(super) fn new(folder: Arc<Folder>, name: String, life: Option<u64>) -> Self {
        LogFile {
            folder,
            name,
            life,
            state: Mutex::new(State::Closed),
        }
    }

    /// The life whose file it is; none of what comes from no actor.
    pub(super) fn life(&self) -> Option<u64> {
        self.life
    }

    pub(super) fn is_in(&self, folder: &Arc<Folder>) -> bool {
        Arc::ptr_eq(&self.folder, folder)
    }

    /// Writes a line, its end included, to the disk or to stderr.
    pub(super) fn write(&self, line: &str) {
        let mut state = lock(&self.state);
        let written = match &mut *state {
            State::Open(kept) => kept.file.write_all(line.as_bytes()),
            State::Closed => self.open_and_write(line, &mut state),
            State::Refused => return self.tell(line),
        };
        if let Err(error) = written {
            *state = State::Refused;
            let path = self.folder.path.join(&self.name);
            // First, for the lines are to follow.
            self.tell(&format!(
                "cannot be written to {path:?}: {error}; what this life logs follows here\n"
            ));
            self.tell(line);
        }
    }

    fn open_and_write(&self, line: &str, state: &mut State) -> io::Result<()> {
        let mut file = self.folder.open(&self.name)?;
        file.write_all(line.as_bytes())?;
        if let Some(kept) = KeptOpen::new(file, &self.folder) {
            *state = State::Open(kept);
        }
        Ok(())
    }

    fn tell(&self, line: &str) {
        let text = format!("{}: {line}", self.name);
        // Where stderr is closed there is nobody left to tell.
        let _ = stderr().write_all(text.as_bytes());
    }
}

impl KeptOpen {
    /// None, and the file is closed, if enough are open.
    fn new(file: File, folder: &Arc<Folder>) -> Option<Self> {
        let limit = folder.keep_open.load(Ordering::Relaxed);
        let one_more = |open| (open < limit).then_some(open + 1);
        let counted = folder
            .open
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        counted.ok().map(|_| KeptOpen {
            file,
            folder: Arc::clone(folder),
        })
    }
}

impl Drop for KeptOpen {
    fn drop(&mut self) {
        self.folder.open.fetch_sub(1, Ordering::Relaxed);
    }
}
