//! Files that cannot be read, places that cannot be written.

use std::fs;

use actor_examples::image_pipeline::Filter;

use super::gallery::Gallery;
use super::run::{Run, pipeline, pipeline_on};

#[test]
fn truncated_and_foreign_files_cost_a_line_each_and_nothing_else() {
    let gallery = Gallery::new();
    let whole = gallery.paint("whole.jpg", 60, 90);
    let jpeg = fs::read(&whole).unwrap();
    let cut = gallery.file("cut.jpg", &jpeg[..jpeg.len() * 2 / 3]);
    let foreign = gallery.file("notes.png", b"these are\nno pixels");
    let empty = gallery.file("empty.png", b"");
    let last = gallery.paint("last.png", 20, 70);

    let inputs = [&cut, &whole, &foreign, &empty, &last];
    let arguments = ["--json", "--filter=edges", "--crash-every=2"];
    let ended = Run::start(&mut pipeline_on(inputs, &gallery.output(), &arguments)).end();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let complaints: Vec<&str> = ended.stderr.lines().collect();
    let expected = [
        (&cut, "the JPEG file is cut short or damaged"),
        (
            &foreign,
            "not a picture: neither PNG, JPEG, GIF, BMP nor WebP",
        ),
        (&empty, "the file is empty"),
    ]
    .map(|(path, cause)| format!("{}: cannot be read: {cause}", path.display()));
    assert_eq!(complaints, expected);

    assert_eq!(ended.json().len(), 2);
    assert_eq!(gallery.results(), ["last-edges.png", "whole-edges.png"]);
    for input in [&whole, &last] {
        let stem = input.file_stem().unwrap().to_str().unwrap();
        let result = fs::read(gallery.output().join(format!("{stem}-edges.png"))).unwrap();
        assert!(result == gallery.expected(input, Filter::Edges), "{stem}");
    }
}

#[test]
fn nothing_but_bad_files_leaves_nothing() {
    let gallery = Gallery::new();
    let foreign = gallery.file("notes.png", b"no pixels");
    let ended = Run::start(&mut pipeline_on([foreign], &gallery.output(), &[])).end();
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert!(gallery.results().is_empty());
}

#[test]
fn an_output_directory_that_cannot_be_made_is_told_for_each_picture() {
    let gallery = Gallery::new();
    let inputs = [gallery.paint("a.png", 9, 90), gallery.paint("b.png", 9, 9)];
    let output = gallery.file("taken", b"").join("out");
    let ended = Run::start(&mut pipeline_on(&inputs, &output, &["--json"])).end();
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    let complaints: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(complaints.len(), 2, "{complaints:?}");
    for (complaint, name) in complaints.iter().zip(["a", "b"]) {
        let result = output.join(format!("{name}-grayscale.png"));
        let told = format!("{}: cannot be written: ", result.display());
        assert!(complaint.starts_with(&told), "{complaint}");
    }
}

#[test]
fn a_result_whose_place_is_taken_does_not_hinder_the_others() {
    let gallery = Gallery::new();
    let inputs = [gallery.paint("a.png", 9, 90), gallery.paint("b.png", 9, 90)];
    fs::create_dir_all(gallery.output().join("a-grayscale.png")).unwrap();
    let ended = Run::start(&mut pipeline_on(&inputs, &gallery.output(), &["--json"])).end();
    assert_eq!((ended.code, ended.json().len()), (Some(1), 1));
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert_eq!(gallery.results(), ["a-grayscale.png", "b-grayscale.png"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_report_that_the_disk_refuses_is_an_error() {
    for arguments in [&["--json"][..], &[]] {
        let gallery = Gallery::new();
        let input = gallery.paint("a.png", 9, 90);
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut command = pipeline_on([input], &gallery.output(), arguments);
        let ended = Run::start(command.stdout(full)).end();
        assert_eq!(ended.code, Some(1));
        let told = "image-pipeline: the report cannot be written: ";
        assert!(ended.stderr.starts_with(told), "{}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1);
        gallery.assert_no_half_written_file();
    }
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_usage_error() {
    for arguments in [
        &["--workers", "0"][..],
        &["--input", "gone.png"],
        &["stray"],
    ] {
        let ended = Run::start(&mut pipeline(arguments)).end();
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
        assert!(ended.stderr.contains("--help"), "{}", ended.stderr);
    }
}
