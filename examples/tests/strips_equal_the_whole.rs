//! However a picture is cut, and in whatever order its strips are done, the result is that of one
//! pass over the whole.

mod support;

use std::num::NonZeroU32;

use actor_examples::image_pipeline::{
    CHANNELS, Canvas, Filter, FilteredStrip, Layout, Picture, Placed, Size, shipped_pictures,
};
use proptest::prelude::*;
use support::reference;

/// Cut, filter, shuffle, put together; each strip is done twice.
fn by_strips(
    picture: &Picture,
    layout: Layout,
    shuffle: impl FnOnce(&mut Vec<FilteredStrip>),
) -> Picture {
    let halo = layout.filter().halo() as usize;
    let mut strips = Vec::new();
    for id in layout.ids() {
        let strip = layout.cut(picture, id).unwrap();
        let rows = layout.rows(id).unwrap().len() + 2 * halo;
        assert!(
            strip.bytes().len() <= rows * picture.size().row_bytes(),
            "a strip carries more than its rows and its halo"
        );
        strips.push(strip.filtered());
    }
    shuffle(&mut strips);

    let mut canvas = Canvas::new(layout, picture.has_alpha());
    for strip in &strips {
        assert_eq!(canvas.place(strip), Placed::New);
        assert_eq!(canvas.place(strip), Placed::Again);
    }
    canvas.into_picture().expect("every strip was placed")
}

fn pictures() -> impl Strategy<Value = Picture> {
    // Sizes around the kernels' own are where clamping goes wrong; extremes are where sums
    // overflow.
    (1..=12_u32, 1..=40_u32, any::<bool>()).prop_flat_map(|(width, height, has_alpha)| {
        let size = Size::new(width, height).unwrap();
        let byte = prop_oneof![any::<u8>(), Just(0), Just(255)];
        prop::collection::vec(byte, size.bytes())
            .prop_map(move |pixels| Picture::new(size, has_alpha, pixels))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn for_any_picture_filter_and_strip_height(
        picture in pictures(),
        filter in prop::sample::select(&Filter::ALL[..]),
        strip_rows in prop_oneof![1..=45_u32, Just(u32::MAX)],
        number in 0..3_usize,
        turn in any::<prop::sample::Index>(),
        reverse in any::<bool>(),
    ) {
        let layout = Layout::new(number, picture.size(), filter).with_strip_rows(NonZeroU32::new(strip_rows).unwrap());
        let joined = by_strips(&picture, layout, |strips| {
            let turn = turn.index(strips.len());
            strips.rotate_left(turn);
            if reverse {
                strips.reverse();
            }
        });
        prop_assert!(joined == reference::filtered(&picture, filter));
    }

    #[test]
    fn alpha_passes_every_filter(picture in pictures(), filter in prop::sample::select(&Filter::ALL[..])) {
        let joined = by_strips(&picture, Layout::new(0, picture.size(), filter), |_| {});
        let alpha = |picture: &Picture| picture.pixels().iter().skip(3).step_by(CHANNELS).copied().collect::<Vec<_>>();
        prop_assert_eq!(alpha(&joined), alpha(&picture));
    }
}

#[test]
fn for_the_shipped_pictures_with_the_strips_they_really_get() {
    // The two smaller ones: the reference is slow on purpose.
    for name in ["chelsea.png", "rocket.jpg"] {
        let path = shipped_pictures().join(name);
        let picture = Picture::read(&path).unwrap();
        assert_eq!(Picture::read_size(&path).unwrap(), picture.size());
        for filter in Filter::ALL {
            let layout = Layout::new(0, picture.size(), filter);
            assert!(layout.strips() > 7);
            assert!(
                by_strips(&picture, layout, |strips| strips.reverse())
                    == reference::filtered(&picture, filter),
                "{name} {filter}"
            );
        }
    }
}
