//! The first program says what happens, and ends with its worker's exit code.

use std::process::{Command, Output};

fn hello(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_hello"))
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_message_goes_each_way() {
    let (code, stdout, stderr) = hello(&[]);
    assert_eq!(
        stdout,
        "\
Worker received initial data: 42, \"Hello from main thread\"
Worker received message: \"Hello from main thread!\"
Main thread received: Worker processed: HELLO FROM MAIN THREAD!
Worker is done, messages processed: 1
Worker completed successfully
"
    );
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
}

#[test]
fn an_error_ends_the_worker_and_the_program() {
    let (code, stdout, stderr) = hello(&[""]);
    assert!(
        stdout.ends_with("Worker stopped with exit code 1\n"),
        "{stdout}"
    );
    assert!(stderr.starts_with("Worker error: "), "{stderr}");
    assert!(
        stderr.contains("nothing to process in an empty message"),
        "{stderr}"
    );
    assert_eq!(code, Some(1));
}
