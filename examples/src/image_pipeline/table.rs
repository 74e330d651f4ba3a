//! A table in plain text.

/// Names to the left, numbers to the right, each column as wide as its widest cell.
pub(crate) fn table<const COLUMNS: usize>(
    heads: [&str; COLUMNS],
    rows: &[[String; COLUMNS]],
) -> String {
    let heads = heads.map(str::to_owned);
    let mut widths = [0; COLUMNS];
    for row in std::iter::once(&heads).chain(rows) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let rule = widths.map(|width| "─".repeat(width));

    let mut text = String::new();
    for row in [&heads, &rule].into_iter().chain(rows) {
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            if column == 0 {
                text.push_str(&format!("{cell:<width$}"));
            } else {
                text.push_str(&format!("  {cell:>width$}"));
            }
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(row: [&str; 3]) -> [String; 3] {
        row.map(str::to_owned)
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let text = table(
            ["a", "number", "c"],
            &[cells(["long", "1", "22"]), cells(["é", "12345678", ""])],
        );
        let lines = [
            "a       number   c",
            "────  ────────  ──",
            "long         1  22",
            "é     12345678",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), lines);
    }

    #[test]
    fn a_table_without_rows_is_its_head() {
        assert_eq!(table(["a", "b"], &[]), "a  b\n─  ─\n");
    }
}
