//! What comes out when all goes well, or goes wrong as planned.

use std::fs;
use std::path::PathBuf;

use actor_examples::image_pipeline::Filter;
use serde_json::json;

use super::gallery::Gallery;
use super::run::{Run, pipeline, pipeline_on};

/// Which stage crashes on every how many strips.
const CRASHES: [Option<(&str, u64)>; 7] = [
    None,
    Some(("reader", 1)),
    Some(("reader", 7)),
    Some(("worker", 1)),
    Some(("worker", 7)),
    Some(("joiner", 1)),
    Some(("joiner", 7)),
];

/// For each number of workers, without crashes and with those of each stage.
fn equals_one_pass(filter: Filter) {
    let gallery = Gallery::new();
    let pictures = [
        gallery.paint("tall.png", 23, 150),
        gallery.paint("wide.jpg", 90, 61),
        gallery.paint("dot.png", 1, 1),
        gallery.paint("square.bmp", 64, 64),
    ];
    let expected = pictures
        .each_ref()
        .map(|picture| gallery.expected(picture, filter));

    for workers in [1, 2, 3, 8] {
        for crash in CRASHES {
            let told = format!("{filter}, {workers} workers, crash {crash:?}");
            let output = gallery.path(&told);
            let mut command = pipeline_on(&pictures, &output, &["--json"]);
            command
                .args(["--filter", filter.name()])
                .args(["--workers", &workers.to_string()]);
            if let Some((stage, every)) = crash {
                command
                    .args(["--crash-every", &u64::to_string(&every)])
                    .args(["--crash-stage", stage]);
            }
            let ended = Run::start(&mut command).end();
            assert_eq!(ended.code, Some(0), "{told}: {ended:?}");
            assert_eq!(ended.stderr, "", "{told}");

            let lines = ended.json();
            assert_eq!(lines.len(), pictures.len(), "{told}");
            let mut strips_before = 0;
            for ((line, picture), expected) in lines.iter().zip(&pictures).zip(&expected) {
                let name = picture.file_stem().unwrap().to_str().unwrap();
                let result = output.join(format!("{name}-{filter}.png"));
                assert_eq!(line["input"], json!(picture), "{told}");
                assert_eq!(line["output"], json!(result), "{told}");
                assert!(
                    fs::read(&result).unwrap() == *expected,
                    "{told}: {result:?}"
                );

                let strips = line["strips"].as_u64().unwrap();
                let planned = |strips| crash.map_or(0, |(_, every)| strips / every);
                let restarts = planned(strips_before + strips) - planned(strips_before);
                assert_eq!(line["restarts"], json!(restarts), "{told}: {name}");
                strips_before += strips;
            }
            assert!(strips_before > 14, "too few strips for two crashes");
        }
    }
}

#[test]
fn grayscale_equals_one_pass() {
    equals_one_pass(Filter::Grayscale);
}

#[test]
fn invert_equals_one_pass() {
    equals_one_pass(Filter::Invert);
}

#[test]
fn blur_equals_one_pass() {
    equals_one_pass(Filter::Blur);
}

#[test]
fn edges_equals_one_pass() {
    equals_one_pass(Filter::Edges);
}

#[test]
fn without_arguments_it_does_the_shipped_pictures_and_ends_with_a_table() {
    let gallery = Gallery::new();
    let ended = Run::start(pipeline(&[]).current_dir(gallery.path("."))).end();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));

    let lines: Vec<Vec<&str>> = ended
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let heads = ["picture", "size", "strips", "time", "speed", "restarts"];
    assert_eq!(lines[0], heads);
    let names: Vec<&str> = lines[2..].iter().map(|line| line[0]).collect();
    let shipped = [
        "chelsea.png",
        "coffee.png",
        "hubble_deep_field.jpg",
        "rocket.jpg",
    ];
    assert_eq!(names, shipped);
    assert!(
        lines[2..].iter().all(|line| line.last() == Some(&"0")),
        "{lines:?}"
    );
    for name in shipped {
        let stem = name.split('.').next().unwrap();
        let result = gallery.path(&format!("target/image-pipeline/{stem}-grayscale.png"));
        assert!(result.is_file(), "{result:?}");
    }
}

#[test]
fn pictures_with_one_stem_get_distinct_results() {
    let gallery = Gallery::new();
    let inputs: [PathBuf; 3] = [
        gallery.paint("a/cat.png", 9, 40),
        gallery.paint("b/cat.png", 8, 50),
        gallery.paint("b/cat.jpg", 7, 60),
    ];
    let ended = Run::start(&mut pipeline_on(
        &inputs,
        &gallery.output(),
        &["--filter=invert"],
    ))
    .end();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let results = ["cat-invert.png", "cat-2-invert.png", "cat-3-invert.png"];
    for (input, result) in inputs.iter().zip(results) {
        let result = fs::read(gallery.output().join(result)).unwrap();
        assert!(
            result == gallery.expected(input, Filter::Invert),
            "{input:?}"
        );
    }
    assert_eq!(gallery.results().len(), 3);
}

#[test]
fn more_pictures_than_can_be_under_way_come_in_their_order() {
    let gallery = Gallery::new();
    let inputs: Vec<PathBuf> = (0..40)
        .map(|number| gallery.paint(&format!("{number}.png"), 5, 1 + number))
        .collect();
    let arguments = ["--json", "--workers", "4", "--crash-every", "3"];
    let ended = Run::start(&mut pipeline_on(&inputs, &gallery.output(), &arguments)).end();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let told: Vec<_> = ended
        .json()
        .iter()
        .map(|line| line["input"].clone())
        .collect();
    assert_eq!(
        told,
        inputs.iter().map(|input| json!(input)).collect::<Vec<_>>()
    );
}
