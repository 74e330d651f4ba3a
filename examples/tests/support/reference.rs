//! The filters as their definitions read, pixel by pixel over the whole picture, on one thread.
//!
//! Nothing here is shared with what it is compared to: coordinates are clamped one by one, and each
//! kernel is written out.

use actor_examples::image_pipeline::{CHANNELS, Filter, Picture};

/// The kernel's weights along one axis; a pixel's weight is the product of both axes'.
const BINOMIAL: [u32; 5] = [1, 4, 6, 4, 1];
const SOBEL_ACROSS: [[i32; 3]; 3] = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]];
const SOBEL_DOWN: [[i32; 3]; 3] = [[-1, -2, -1], [0, 0, 0], [1, 2, 1]];

/// The whole picture, filtered.
pub(crate) fn filtered(picture: &Picture, filter: Filter) -> Picture {
    let size = picture.size();
    let mut pixels = Vec::with_capacity(size.bytes());
    for y in 0..i64::from(size.height()) {
        for x in 0..i64::from(size.width()) {
            let [red, green, blue, alpha] = at(picture, x, y);
            let [red, green, blue] = match filter {
                Filter::Grayscale => [grey(picture, x, y); 3],
                Filter::Invert => [red, green, blue].map(|colour| 255 - colour),
                Filter::Blur => [0, 1, 2].map(|channel| blurred(picture, x, y, channel)),
                Filter::Edges => [edge(picture, x, y); 3],
            };
            pixels.extend([red, green, blue, alpha]);
        }
    }
    Picture::new(size, picture.has_alpha(), pixels)
}

fn at(picture: &Picture, x: i64, y: i64) -> [u8; CHANNELS] {
    let x = x.clamp(0, i64::from(picture.size().width()) - 1) as usize;
    let y = y.clamp(0, i64::from(picture.size().height()) - 1) as usize;
    let start = (y * picture.size().width() as usize + x) * CHANNELS;
    picture.pixels()[start..start + CHANNELS]
        .try_into()
        .unwrap()
}

fn grey(picture: &Picture, x: i64, y: i64) -> u8 {
    let [red, green, blue, _] = at(picture, x, y).map(u32::from);
    u8::try_from((299 * red + 587 * green + 114 * blue + 500) / 1000).unwrap()
}

fn blurred(picture: &Picture, x: i64, y: i64, channel: usize) -> u8 {
    let mut sum = 0;
    for (down, down_weight) in BINOMIAL.iter().enumerate() {
        for (across, across_weight) in BINOMIAL.iter().enumerate() {
            let pixel = at(picture, x + across as i64 - 2, y + down as i64 - 2);
            sum += down_weight * across_weight * u32::from(pixel[channel]);
        }
    }
    u8::try_from((sum + 128) / 256).unwrap()
}

fn edge(picture: &Picture, x: i64, y: i64) -> u8 {
    let convolved = |kernel: [[i32; 3]; 3]| {
        let mut sum = 0;
        for (down, weights) in kernel.iter().enumerate() {
            for (across, weight) in weights.iter().enumerate() {
                sum +=
                    weight * i32::from(grey(picture, x + across as i64 - 1, y + down as i64 - 1));
            }
        }
        sum
    };
    u8::try_from((convolved(SOBEL_ACROSS).abs() + convolved(SOBEL_DOWN).abs()).min(255)).unwrap()
}
