//! The filters, each computed for a few rows at a time.
//!
//! A filter looks at rows through [`Rows`], which knows the rows of one strip and the halo around
//! them and repeats the outermost row beyond its ends. Halo rows are missing only where the picture
//! ends, so repeating is the same as clamping at the picture's edge, and a strip cannot differ from
//! the whole picture. All arithmetic is in integers for the same reason: there is no order of
//! operations to differ in.

use std::fmt;

use super::picture::CHANNELS;

/// What is done to each picture. Alpha is copied, never computed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Filter {
    /// Each colour becomes (299 R + 587 G + 114 B + 500) / 1000
    Grayscale,
    /// Each colour becomes 255 − x
    Invert,
    /// The 5×5 binomial kernel 1 4 6 4 1, rounded
    Blur,
    /// Sobel on the grey picture: |gx| + |gy|, at most 255
    Edges,
}

impl Filter {
    /// All of them.
    pub const ALL: [Filter; 4] = [
        Filter::Grayscale,
        Filter::Invert,
        Filter::Blur,
        Filter::Edges,
    ];

    /// Its name, as it is on the command line and in the names of the results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Filter::Grayscale => "grayscale",
            Filter::Invert => "invert",
            Filter::Blur => "blur",
            Filter::Edges => "edges",
        }
    }

    /// How many rows it needs to see above and below those it computes.
    #[must_use]
    pub fn halo(self) -> u32 {
        match self {
            Filter::Grayscale | Filter::Invert => 0,
            Filter::Edges => 1,
            Filter::Blur => 2,
        }
    }

    /// The filtered bytes of the strip's own rows.
    pub(super) fn apply(self, rows: Rows<'_>) -> Vec<u8> {
        match self {
            Filter::Grayscale => each_pixel(rows, |pixel| {
                let grey = grey(pixel);
                [grey, grey, grey, pixel[3]]
            }),
            Filter::Invert => each_pixel(rows, |[red, green, blue, alpha]| {
                [255 - red, 255 - green, 255 - blue, alpha]
            }),
            Filter::Blur => blur(rows),
            Filter::Edges => edges(rows),
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A strip's own rows with the halo rows around them.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    /// The rows above, the strip's own, and the rows below, without gaps.
    pub(super) bytes: &'a [u8],
    pub(super) row_bytes: usize,
    /// How many of the rows are halo above.
    pub(super) above: usize,
    /// How many of the rows are the strip's own.
    pub(super) own: usize,
}

impl<'a> Rows<'a> {
    /// The row at this distance from the strip's first own one; the outermost one for any row
    /// beyond.
    fn row(self, at: isize) -> &'a [u8] {
        let last = self.bytes.len() / self.row_bytes - 1;
        let at = self.above.saturating_add_signed(at).min(last);
        &self.bytes[at * self.row_bytes..][..self.row_bytes]
    }

    fn own_bytes(self) -> &'a [u8] {
        &self.bytes[self.above * self.row_bytes..][..self.own * self.row_bytes]
    }

    /// The distances of the own rows.
    fn own(self) -> std::ops::Range<isize> {
        0..self.own.cast_signed()
    }
}

fn each_pixel(rows: Rows<'_>, change: impl Fn([u8; CHANNELS]) -> [u8; CHANNELS]) -> Vec<u8> {
    let mut result = rows.own_bytes().to_vec();
    for pixel in result.as_chunks_mut().0 {
        *pixel = change(*pixel);
    }
    result
}

fn grey([red, green, blue, _]: [u8; CHANNELS]) -> u8 {
    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    // At most 255 500 / 1000, so nothing is cut off.
    ((sum + 500) / 1000) as u8
}

/// Sums down the columns, then along them. The kernel's sum is 256, so both together stay below
/// 2^16, and rounding once at the end gives exactly what 25 products would.
fn blur(rows: Rows<'_>) -> Vec<u8> {
    const REACH: usize = 2 * CHANNELS;

    let mut result = Vec::with_capacity(rows.own_bytes().len());
    let mut columns = vec![0_u16; rows.row_bytes + 2 * REACH];
    for at in rows.own() {
        let [a, b, c, d, e] = [-2, -1, 0, 1, 2].map(|away| rows.row(at + away));
        let inner = &mut columns[REACH..][..rows.row_bytes];
        for (sum, ((((&a, &b), &c), &d), &e)) in
            inner.iter_mut().zip(a.iter().zip(b).zip(c).zip(d).zip(e))
        {
            *sum = binomial([a, b, c, d, e].map(u16::from));
        }
        for step in 0..2 {
            columns.copy_within(REACH..REACH + CHANNELS, step * CHANNELS);
            columns.copy_within(
                rows.row_bytes + REACH - CHANNELS..rows.row_bytes + REACH,
                rows.row_bytes + REACH + step * CHANNELS,
            );
        }

        let start = result.len();
        let [a, b, c, d, e] =
            [0, 1, 2, 3, 4].map(|step| &columns[step * CHANNELS..][..rows.row_bytes]);
        result.extend(
            a.iter()
                .zip(b)
                .zip(c)
                .zip(d)
                .zip(e)
                .map(|((((&a, &b), &c), &d), &e)| ((binomial([a, b, c, d, e]) + 128) >> 8) as u8),
        );
        keep_alpha(&mut result[start..], rows.row(at));
    }
    result
}

fn binomial([a, b, c, d, e]: [u16; 5]) -> u16 {
    a + e + 4 * (b + d) + 6 * c
}

fn keep_alpha(result: &mut [u8], original: &[u8]) {
    for (to, from) in result
        .as_chunks_mut::<CHANNELS>()
        .0
        .iter_mut()
        .zip(original.as_chunks::<CHANNELS>().0)
    {
        to[3] = from[3];
    }
}

/// Keeps the grey of three rows, with one more pixel at either end, and moves down by exchanging
/// the uppermost for a new lowest.
fn edges(rows: Rows<'_>) -> Vec<u8> {
    let mut result = Vec::with_capacity(rows.own_bytes().len());
    let mut lines = [-1, 0, 1].map(|at| grey_line(rows.row(at)));
    for at in rows.own() {
        let [upper, middle, lower] = lines.each_ref().map(|line| line.windows(3));
        let pixels = rows.row(at).as_chunks::<CHANNELS>().0;
        for (((u, m), l), pixel) in upper.zip(middle).zip(lower).zip(pixels) {
            let across = (u[2] + 2 * m[2] + l[2]) - (u[0] + 2 * m[0] + l[0]);
            let down = (l[0] + 2 * l[1] + l[2]) - (u[0] + 2 * u[1] + u[2]);
            let edge = (across.abs() + down.abs()).min(255) as u8;
            result.extend([edge, edge, edge, pixel[3]]);
        }
        lines.rotate_left(1);
        lines[2] = grey_line(rows.row(at + 2));
    }
    result
}

fn grey_line(row: &[u8]) -> Vec<i16> {
    let pixels = row.as_chunks::<CHANNELS>().0;
    let clamped = pixels
        .first()
        .into_iter()
        .chain(pixels)
        .chain(pixels.last());
    clamped.map(|&pixel| i16::from(grey(pixel))).collect()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    fn whole(filter: Filter, width: usize, bytes: &[u8]) -> Vec<u8> {
        let row_bytes = width * CHANNELS;
        filter.apply(Rows {
            bytes,
            row_bytes,
            above: 0,
            own: bytes.len() / row_bytes,
        })
    }

    #[test]
    fn the_command_line_knows_each_by_its_name() {
        for filter in Filter::ALL {
            assert_eq!(
                filter.to_possible_value().unwrap().get_name(),
                filter.name()
            );
            assert_eq!(serde_json::to_value(filter).unwrap(), filter.name());
        }
        assert_eq!(Filter::value_variants(), Filter::ALL);
    }

    #[test]
    fn grayscale_rounds_and_keeps_alpha() {
        assert_eq!(
            whole(
                Filter::Grayscale,
                3,
                &[255, 0, 0, 9, 0, 255, 0, 0, 0, 0, 255, 255]
            ),
            [76, 76, 76, 9, 150, 150, 150, 0, 29, 29, 29, 255]
        );
        assert_eq!(
            whole(Filter::Grayscale, 1, &[255, 255, 255, 1]),
            [255, 255, 255, 1]
        );
    }

    #[test]
    fn invert_keeps_alpha() {
        assert_eq!(
            whole(Filter::Invert, 1, &[0, 255, 100, 7]),
            [255, 0, 155, 7]
        );
    }

    #[test]
    fn blur_of_one_bright_pixel_is_the_kernel() {
        let mut bytes = vec![0; 7 * 7 * CHANNELS];
        bytes[(3 * 7 + 3) * CHANNELS] = 255;
        let blurred = whole(Filter::Blur, 7, &bytes);
        let red = |x: usize, y: usize| u32::from(blurred[(y * 7 + x) * CHANNELS]);
        assert_eq!([1, 2, 3, 4, 5].map(|x| red(x, 3)), [6, 24, 36, 24, 6]);
        assert_eq!([1, 2, 3, 4, 5].map(|y| red(2, y)), [4, 16, 24, 16, 4]);
        assert_eq!([(0, 3), (3, 0), (6, 6)].map(|(x, y)| red(x, y)), [0, 0, 0]);
    }

    #[test]
    fn an_even_picture_stays_even_to_its_edges_and_keeps_its_alpha() {
        let bytes = [255, 128, 1, 40].repeat(15);
        assert_eq!(whole(Filter::Blur, 5, &bytes), bytes);
        assert_eq!(whole(Filter::Edges, 5, &bytes), [0, 0, 0, 40].repeat(15));
    }

    #[test]
    fn edges_are_strong_where_the_grey_jumps_and_stop_at_255() {
        let row: Vec<u8> = [0, 0, 10, 10]
            .iter()
            .flat_map(|&grey| [grey, grey, grey, 255])
            .collect();
        let edges = whole(Filter::Edges, 4, &row.repeat(2));
        assert_eq!(
            edges
                .chunks(CHANNELS)
                .map(|pixel| pixel[0])
                .collect::<Vec<_>>(),
            [0, 40, 40, 0, 0, 40, 40, 0]
        );

        let row: Vec<u8> = [0, 255]
            .iter()
            .flat_map(|&grey| [grey, grey, grey, 255])
            .collect();
        assert_eq!(whole(Filter::Edges, 2, &row), [255; 8]);
    }
}
