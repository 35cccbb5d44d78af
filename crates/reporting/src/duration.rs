//! Times and spans of time as people read them.

use model::Timestamp;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Returns a span in its two largest units: `3 h 41 min`, `2 d 3 h`, `12 min`.
pub(crate) fn span(seconds: i64) -> String {
    let two = |large: i64, large_unit: &str, small: i64, small_unit: &str| {
        if small == 0 {
            format!("{large} {large_unit}")
        } else {
            format!("{large} {large_unit} {small} {small_unit}")
        }
    };
    match seconds {
        ..MINUTE => format!("{seconds} s"),
        MINUTE..HOUR => format!("{} min", seconds / MINUTE),
        HOUR..DAY => two(seconds / HOUR, "h", seconds % HOUR / MINUTE, "min"),
        DAY.. => two(seconds / DAY, "d", seconds % DAY / HOUR, "h"),
    }
}

/// Returns a point in time to the minute: `2026-11-24 06:00Z`.
pub(crate) fn minute(time: Timestamp) -> String {
    let text = time.to_string();
    match text.split_once('T') {
        Some((date, clock)) => {
            let to_the_minute: String = clock.chars().take("06:00".len()).collect();
            format!("{date} {to_the_minute}Z")
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{minute, span};

    #[test]
    fn spans_have_two_units_at_most() {
        let texts = [5, 60, 3_599, 3_600, 13_260, 86_400, 183_600].map(span);
        let expected = [
            "5 s",
            "1 min",
            "59 min",
            "1 h",
            "3 h 41 min",
            "1 d",
            "2 d 3 h",
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn times_end_at_the_minute() {
        assert_eq!(
            minute("2026-11-24T06:00:59Z".parse().unwrap()),
            "2026-11-24 06:00Z"
        );
    }
}
