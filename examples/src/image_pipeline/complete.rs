//! Whether a file is all there.
//!
//! The decoders are lenient: a JPEG cut in the middle decodes to a picture with a grey lower half,
//! and a PNG without its end mark to a whole one. For a viewer that is kind; a pipeline would hand
//! on a ruined picture as a good one. So the file's own structure is walked first, up to the mark
//! that ends it. What follows that mark is no concern: cameras append there.

use image::ImageFormat;

/// Whether the file reaches its end mark. The other formats' decoders notice a missing end
/// themselves.
pub(super) fn reaches_its_end(format: ImageFormat, file: &[u8]) -> bool {
    match format {
        ImageFormat::Jpeg => jpeg_ends(file).is_some(),
        ImageFormat::Png => png_ends(file).is_some(),
        _ => true,
    }
}

/// `Some` when the segments lead to an end-of-image marker.
fn jpeg_ends(file: &[u8]) -> Option<()> {
    const START_OF_SCAN: u8 = 0xDA;
    const END_OF_IMAGE: u8 = 0xD9;

    let mut rest = file.get(2..)?;
    loop {
        // Stray bytes before a marker are an old vice of cameras; the decoder skips them too.
        let tail = &rest[rest.iter().position(|&byte| byte == 0xFF)?..];
        // Any number of 0xFF may stand before a marker as padding.
        let padding = tail.iter().position(|&byte| byte != 0xFF)?;
        let (&marker, after) = tail[padding..].split_first()?;
        match marker {
            END_OF_IMAGE => return Some(()),
            0x01 | 0xD0..=0xD8 => rest = after,
            _ => {
                let length = u16::from_be_bytes([*after.first()?, *after.get(1)?]);
                rest = after.get(usize::from(length)..)?;
                if marker == START_OF_SCAN {
                    rest = rest.get(end_of_scan(rest)?..)?;
                }
            }
        }
    }
}

/// Where the compressed data stops: at a marker that is neither an escaped 0xFF nor a restart.
fn end_of_scan(data: &[u8]) -> Option<usize> {
    data.windows(2)
        .position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF | 0xD0..=0xD7))
}

/// `Some` when the chunks lead to a whole `IEND`.
fn png_ends(file: &[u8]) -> Option<()> {
    const SIGNATURE: usize = 8;
    const CHECKSUM: usize = 4;

    let mut rest = file.get(SIGNATURE..)?;
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (name, after) = after.split_first_chunk::<4>()?;
        let chunk = usize::try_from(u32::from_be_bytes(*length))
            .ok()?
            .checked_add(CHECKSUM)?;
        rest = after.get(chunk..)?;
        if name == b"IEND" {
            return Some(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Start, one segment of 2 + 2 bytes, a scan with an escaped 0xFF and a restart in it, padding,
    /// end.
    const JPEG: &[u8] = &[
        0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0xFF, 0xD9, 0xFF, 0xDA, 0, 3, 9, 1, 0xFF, 0, 2, 0xFF, 0xD0,
        3, 0xFF, 0xFF, 0xD9,
    ];

    #[test]
    fn a_jpeg_ends_at_its_last_marker_and_not_a_byte_before() {
        assert!(reaches_its_end(ImageFormat::Jpeg, JPEG));
        for length in 0..JPEG.len() {
            assert!(
                !reaches_its_end(ImageFormat::Jpeg, &JPEG[..length]),
                "{length} bytes"
            );
        }
    }

    #[test]
    fn an_end_mark_inside_a_segment_does_not_count() {
        assert!(!reaches_its_end(ImageFormat::Jpeg, &JPEG[..8]));
    }

    #[test]
    fn stray_bytes_before_a_marker_are_passed_over() {
        let stray = [&JPEG[..8], &[1, 2, 3], &JPEG[8..]].concat();
        assert!(reaches_its_end(ImageFormat::Jpeg, &stray));
    }

    #[test]
    fn what_follows_the_end_mark_does_not_matter() {
        assert!(reaches_its_end(
            ImageFormat::Jpeg,
            &[JPEG, &[0xFF, 0xDA, 1, 2, 3]].concat()
        ));
    }

    #[test]
    fn a_jpeg_segment_shorter_than_its_own_length_field_ends_the_walk() {
        assert!(!reaches_its_end(
            ImageFormat::Jpeg,
            &[0xFF, 0xD8, 0xFF, 0xE0, 0, 0]
        ));
    }

    #[test]
    fn a_png_ends_with_the_checksum_of_its_last_chunk() {
        let png = [
            &[0; 8][..],
            &[0, 0, 0, 2],
            b"IHDR",
            &[1; 2 + 4],
            &[0, 0, 0, 0],
            b"IEND",
            &[2; 4],
        ]
        .concat();
        assert!(reaches_its_end(ImageFormat::Png, &png));
        for length in 0..png.len() {
            assert!(
                !reaches_its_end(ImageFormat::Png, &png[..length]),
                "{length} bytes"
            );
        }
    }
}
