//! Points in time as the service writes them: RFC 3339 text, compared as instants, never re-spelled.
//!
//! A date library would cut fractions at nanoseconds and refuse `9999-12-31T23:59:59Z`, the directory's
//! "never" (docs/service.md); the contract compares fractions of any length.

/// An RFC 3339 timestamp as an instant. Two texts are the same instant exactly if these are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant<'a> {
    /// Seconds since 1970-01-01T00:00:00Z, the offset taken off.
    pub seconds: i64,
    /// The digits behind the decimal point without trailing zeros.
    pub fraction: &'a str,
}

impl<'a> Instant<'a> {
    /// Reads the whole of `text` as an RFC 3339 timestamp: a real date of the years 0001–9999, seconds to
    /// 59, offset at most 23:59, `T`/`t` and `Z`/`z` (contract, section 3.2). Anything else is `None`.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() < "0000-00-00T00:00:00Z".len() || !matches!(bytes[10], b'T' | b't') {
            return None;
        }
        let separated = bytes[4] == b'-' && bytes[7] == b'-' && bytes[13] == b':' && bytes[16] == b':';
        let day = days_from_civil(number(bytes, 0, 4)?, number(bytes, 5, 2)?, number(bytes, 8, 2)?)?;
        let (hour, minute, second) = (number(bytes, 11, 2)?, number(bytes, 14, 2)?, number(bytes, 17, 2)?);
        if !separated || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let (fraction, zone) = match text.get(19..)?.strip_prefix('.') {
            None => ("", text.get(19..)?),
            Some(rest) => {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                (digits > 0).then(|| rest.split_at(digits))?
            }
        };
        let seconds = day * 86_400 + hour * 3_600 + minute * 60 + second - offset_seconds(zone)?;
        Some(Instant { seconds, fraction: fraction.trim_end_matches('0') })
    }
}

fn offset_seconds(zone: &str) -> Option<i64> {
    let bytes = zone.as_bytes();
    match bytes {
        b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (hours, minutes) = (number(bytes, 1, 2)?, number(bytes, 4, 2)?);
            let seconds = hours * 3_600 + minutes * 60;
            (hours <= 23 && minutes <= 59).then_some(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

fn number(bytes: &[u8], from: usize, digits: usize) -> Option<i64> {
    bytes
        .get(from..from + digits)?
        .iter()
        .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// Days from 1970-01-01 of a date in the Gregorian calendar; `None` for a date that does not exist.
fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => return None,
    };
    if year < 1 || day < 1 || day > length {
        return None;
    }
    // Counting years from March puts the leap day at the end, so that a month's first day is a formula.
    let from_march = (month + 9) % 12;
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    Some(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = (from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * from_march + 2) / 5 + 1)
}

/// `seconds` since the epoch as `YYYY-MM-DDThh:mm:ssZ`; `None` outside the years 0001–9999.
#[must_use]
pub fn epoch_seconds_text(seconds: i64) -> Option<String> {
    let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    (1..=9999).contains(&year).then(|| {
        let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    })
}

/// `milliseconds` since the epoch as RFC 3339, a fraction that is not zero as `.mmm`; `None` outside the
/// years 0001–9999.
#[must_use]
pub fn milliseconds_text(milliseconds: i64) -> Option<String> {
    let whole = epoch_seconds_text(milliseconds.div_euclid(1_000))?;
    match milliseconds.rem_euclid(1_000) {
        0 => Some(whole),
        fraction => Some(format!("{}.{fraction:03}Z", whole.trim_end_matches('Z'))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        Instant::parse(text).map(|instant| instant.seconds)
    }

    #[test]
    fn real_timestamps_are_read() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2026-07-27t22:00:00z"), Some(1_785_189_600));
        assert_eq!(seconds("2026-06-01T02:00:00+02:00"), seconds("2026-06-01T00:00:00Z"));
        assert_eq!(seconds("2024-02-29T00:00:00-23:59"), Some(1_709_164_800 + 86_340));
        assert_eq!(Instant::parse("2026-01-01T00:00:00.1200Z").map(|i| i.fraction), Some("12"));
        assert_eq!(seconds("9999-12-31T23:59:59Z"), Some(253_402_300_799));
        assert!(seconds("0001-01-01T00:00:00+23:59").is_some());
    }

    #[test]
    fn what_only_looks_like_one_is_not() {
        for text in [
            "2026-02-30T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:60Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00Z\n",
            "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+0100",
            "２026-01-01T00:00:00Z",
            "2026-1-01T00:00:00.0Z",
            "2026-13-01T00:00:00Z",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_ten_thousand_years_goes_there_and_back() {
        for days in (-719_162..2_932_897).step_by(17) {
            let text = epoch_seconds_text(days * 86_400).expect("inside the years");
            assert_eq!(seconds(&text), Some(days * 86_400), "{text}");
        }
        assert_eq!(epoch_seconds_text(253_402_300_800), None);
        assert_eq!(epoch_seconds_text(-62_135_596_801), None);
    }

    #[test]
    fn milliseconds_show_only_where_there_are_some() {
        assert_eq!(milliseconds_text(1_724_630_400_000).as_deref(), Some("2024-08-26T00:00:00Z"));
        assert_eq!(milliseconds_text(-1).as_deref(), Some("1969-12-31T23:59:59.999Z"));
        assert_eq!(milliseconds_text(i64::MAX), None);
    }
}
